/**
 * Nudge and close idle conversations.
 *
 * - *Trigger: a message from the customer (default), or the agent has replied and the customer is silent; a new one restarts
 *   it*: `start` with `trigger`; `again: restart`. An agent's message during a wait restarts it, too: `onAgent: restart`.
 * - *Never to a customer who waits for us, unless chosen*: while the last word is the customer's, `turn` leads to `rest`;
 *   the agent's reply restarts the run, and so the hour begins with that reply. On-hold waits for us as well: that
 *   is looked at before each message. With `alsoWhenOurTurn` neither is, and the hour begins with the customer's message.
 *   Where the agent's reply starts it, the turn is the customer's.
 * - *1. Wait 1 hour; a reply ends the flow*: `silence`. Every wait here ends the run when the customer replies; in the
 *   default that message then triggers the next one, which rests.
 * - *2. Reminder. 3. Wait 5 minutes*: `reminder`, `answer`. *4. Answered after the reminder? end; otherwise another
 *   follow-up, then wait again, or straight on*: an answer ends `answer` itself; `follow-up` is there if it is switched on.
 * - *5. Last message. 6. Close*: `last`, `close`, which also ends the run.
 * - *A conversation closed by hand ends it*: closing ends all runs. One that was solved by hand needs no reminder: it
 *   rests then, too, until an agent's next reply.
 * - *Not outside business hours, unless allowed*: before each message it waits until somebody is there.
 * - *Nobody is nudged twice for one silence*: a run sends its reminder once, and only words of a person begin another run.
 */
import { z } from 'zod';
import type { Branch, Step, Wait } from '../flow.ts';
import { duration, maybe, sentence, template } from './template.ts';

const HOUR = 3_600_000;

const shape = {
  trigger: z.enum(['customer', 'agent']).default('customer')
    .describe('Whose message starts it: the customer\'s, or the agent\'s reply to which the customer is silent'),
  remindAfterMs: duration(HOUR, 'After so much silence of the customer they are reminded'),
  reminder: sentence({
    en: 'Are you still there? This conversation is still open: just reply here whenever you are ready.',
    it: 'Ci sei ancora? La conversazione è ancora aperta: quando vuoi, rispondi pure qui.',
    pt: 'Você ainda está por aí? A conversa continua aberta: é só responder aqui quando quiser.',
    cs: 'Jste tu ještě? Konverzace je stále otevřená, stačí sem kdykoli napsat.',
  }, 'The reminder that the conversation is still open'),
  answerMs: duration(300_000, 'So long it waits for a reply to the reminder'),
  followUp: z.boolean().default(false).describe('Another reminder before the last message'),
  followUpText: sentence({
    en: 'We have not heard back from you yet. Is there anything else we can help with?',
    it: 'Non abbiamo ancora ricevuto una tua risposta. Possiamo aiutarti con qualcos\'altro?',
    pt: 'Ainda não recebemos sua resposta. Podemos ajudar com mais alguma coisa?',
    cs: 'Zatím jsme od vás nedostali odpověď. Můžeme vám ještě s něčím pomoci?',
  }, 'That other reminder'),
  followUpMs: duration(300_000, 'So long it waits for a reply to the other reminder'),
  last: sentence({
    en: 'As we have not heard from you, we are closing this conversation for now. Just write again whenever you need us.',
    it: 'Non avendo ricevuto risposta, per ora chiudiamo la conversazione. Se hai ancora bisogno di noi, scrivici quando vuoi.',
    pt: 'Como não tivemos resposta, vamos encerrar esta conversa por enquanto. Se precisar da gente, é só escrever de novo.',
    cs: 'Protože jsme od vás nedostali odpověď, konverzaci teď uzavíráme. Až nás budete potřebovat, stačí znovu napsat.',
  }, 'The last message: that the conversation will be closed'),
  outsideHours: z.boolean().default(false).describe('Also outside business hours'),
  hoursOf: maybe('', 'Whose business hours count: the id of a team, or empty for the workspace\'s'),
  alsoWhenOurTurn: z.boolean().default(false).describe('Also customers who wait for our answer'),
};
type Nudge = z.output<z.ZodObject<typeof shape>>;

export const nudge = template({
  id: 'nudge',
  name: {
    en: 'Nudge and close idle conversations', it: 'Sollecita e chiudi le conversazioni ferme',
    pt: 'Lembrar e encerrar conversas paradas', cs: 'Připomenout a uzavřít nečinné konverzace',
  },
  about: {
    en: 'Reminds customers who have fallen silent, and closes the conversation if they stay so.',
    it: 'Ricorda la conversazione a chi non risponde più e, se il silenzio continua, la chiude.',
    pt: 'Lembra quem parou de responder e encerra a conversa se o silêncio continuar.',
    cs: 'Připomene se zákazníkům, kteří se odmlčeli, a když se neozvou, konverzaci uzavře.',
  },
}, shape, (nudge) => ({
  start: [{ on: 'message', from: nudge.trigger }],
  again: 'restart',
  onAgent: 'restart',
  steps: [
    ...nudge.alsoWhenOurTurn || nudge.trigger === 'agent' ? [] : [TURN],
    silence('silence', 'Is the customer silent?', nudge.remindAfterMs),
    ...gate('before-reminder', nudge),
    { id: 'reminder', name: 'Nudge', do: 'say', text: nudge.reminder },
    silence('answer', 'No answer to the reminder?', nudge.answerMs),
    ...nudge.followUp ? [
      ...gate('before-follow-up', nudge),
      { id: 'follow-up', name: 'Nudge again', do: 'say', text: nudge.followUpText },
      silence('second-answer', 'Still no answer?', nudge.followUpMs),
    ] satisfies Step[] : [],
    ...gate('before-last', nudge),
    { id: 'last', name: 'Last message', do: 'say', text: nudge.last },
    { id: 'close', name: 'Close', do: 'close' },
    silence(REST, 'Rest until we have answered'),
  ],
}));

/** Behind the end: only jumps lead here, and only a new run leads away. */
const REST = 'rest';

const TURN: Branch = {
  id: 'turn', name: 'Whose turn is it?', do: 'branch', cases: [{
    name: 'Ours: the customer waits', when: { all: [{ field: 'conversation.lastWord', is: 'equal', value: 'customer' }] },
    steps: [{ id: 'our-turn', name: 'Rest', do: 'jump', to: REST, times: 1 }],
  }],
};

function silence(id: string, name: string, forMs?: number): Wait {
  return {
    id, name, do: 'wait', forMs, untilReply: 'customer', onReply: [{ id: `${id}-over`, name: 'They replied', do: 'end' }],
  };
}

/** Before each message: until it may be said, and whether there is anything to say still. */
function gate(id: string, { outsideHours, hoursOf, alsoWhenOurTurn }: Nudge): Step[] {
  return [
    ...outsideHours ? [] : [{ ...silence(`${id}-hours`, 'Wait until somebody is there'), untilOpen: hoursOf }],
    {
      id, name: 'Is there anything to say still?', do: 'branch', cases: [{
        name: alsoWhenOurTurn ? 'No: it is solved' : 'No: it is solved, or waits for us',
        when: { all: [{ field: 'conversation.status', is: 'in', value: alsoWhenOurTurn ? ['solved'] : ['solved', 'onHold'] }] },
        steps: [{ id: `${id}-rest`, name: 'Rest', do: 'jump', to: REST, times: 1 }],
      }],
    },
  ];
}
