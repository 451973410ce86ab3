/** Czech. */
import { counted } from '../../ui/language.ts';
import type { Words } from './en.ts';

const unread = { one: '# nepřečtená zpráva', few: '# nepřečtené zprávy', other: '# nepřečtených zpráv' };
const count = counted('cs');

export const cs: Words = {
  heading: 'Podpora',
  launcher: (messages) => (messages === 0 ? 'Otevřít chat' : `Otevřít chat, ${count(messages, unread)}`),
  close: 'Zavřít chat',
  region: (heading) => `Chat – ${heading}`,
  thread: 'Zprávy',
  answers: (name) => `Pomáhá vám ${name}`,
  online: 'Jsme tady',
  asks: 'Zeptejte se nás na cokoli',

  connecting: 'Připojování…',
  waiting: 'Spojení se přerušilo. Zkoušíme to znovu…',
  offline: 'Jste offline. Co napíšete, odešle se, až budete zpět.',

  welcome: 'Dobrý den! S čím vám můžeme pomoct?',
  welcomeMore: 'Napište nám sem. Stránku můžete opustit a zase se vrátit: konverzace tu zůstane.',
  loading: 'Načítání zpráv…',
  newer: 'Nové zprávy',
  write: 'Napište zprávu…',
  message: 'Zpráva',
  send: 'Odeslat',
  typing: (name) => `${name} píše`,
  you: 'Vy',
  choices: 'Odpovědi na výběr',

  queued: 'Odešle se, až se obnoví spojení',
  sending: 'Odesílání…',
  sent: 'Odesláno',
  delivered: 'Doručeno',
  read: 'Přečteno',
  failed: 'Neodesláno.',
  why: {
    tooLarge: 'Je delší než 8000 znaků: zkraťte ji nebo rozdělte.',
    outboxFull: 'Na odeslání čeká příliš mnoho zpráv: počkejte na spojení, nebo některé zahoďte.',
    forbidden: 'Sem psát nemůžete.', other: 'Něco se nepovedlo. Zkuste to později znovu.',
  },
  retry: 'Zkusit znovu',
  discard: 'Zahodit',

  begin: 'Nová konverzace',
  earlier: 'Vaše konverzace',
  back: 'Zpět ke konverzaci',
  nothingYet: 'Zatím žádné zprávy',
  unread: (messages) => count(messages, { one: '# nepřečtená', few: '# nepřečtené', other: '# nepřečtených' }),

  joined: (name) => `Ke konverzaci se připojuje ${name}`,
  waits: 'Vaši zprávu máme. Brzy se vám někdo ozve.',
  away: (name) => `${name} teď není na místě a odpoví po návratu.`,
  allAway: 'Odpovíme, jakmile bude někdo zpátky.',
  shut: 'Teď máme zavřeno. Vaše zpráva tu počká a odpovíme na ni.',
  shutUntil: (when) => `Teď máme zavřeno. Otevíráme: ${when}.`,
  handedTo: (name) => `Dál se vám věnuje ${name}`,
  handedOn: 'Váš požadavek přebírá kolega. Brzy se vám někdo ozve.',
  ticketBegan: 'Začal nový požadavek',
  reopened: 'Váš požadavek je znovu otevřený',
  solved: 'Váš požadavek je vyřešený',
  closed: 'Váš požadavek je uzavřený. Když znovu napíšete, začne nový.',
  solvedAndClosed: 'Váš požadavek je vyřešený. Když znovu napíšete, začne nový.',
};
