/** Czech. */
import { counted } from '../../ui/language.ts';
import { csWork } from './cs.work.ts';
import type { Words } from './en.ts';

const count = counted('cs');

export const cs: Words = {
  ...csWork,

  title: 'Parley',
  signIn: 'Přihlášení do konzole',
  signInHow: 'Otevřete jednorázový odkaz. Vytvoří vám ho správce konzole; první vypsala gateway při spuštění:',
  signInCommand: 'npm start',
  signInWhere: (origin) =>
    `Vypadá jako ${origin}/console#code=… a funguje jednou. Každé spuštění vypíše nový.`,
  signInDemo: 'Chcete se jen podívat? Ukázková stránka se přihlásí sama:',
  demoPage: 'otevřít ukázku',
  signInWorking: 'Přihlašování…',
  linkUsed: 'Tento odkaz už byl použit, nebo je příliš starý.',
  signInFailed: 'Gateway neodpověděla. Ověřte, že běží, a otevřete odkaz znovu.',
  signedOut: 'Vaše přihlášení skončilo.',
  signOut: 'Odhlásit se',

  conversations: 'Konverzace',
  search: 'Hledat, filtrovat seznam',
  noMatch: 'Nic neodpovídá.',
  loading: 'Načítání…',
  unread: (messages) =>
    count(messages, { one: '# nepřečtená zpráva', few: '# nepřečtené zprávy', other: '# nepřečtených zpráv' }),
  visitor: 'Návštěvník',
  you: 'Vy',

  choose: 'Vyberte konverzaci',
  thread: (name) => `Konverzace: ${name}`,
  messages: 'Zprávy',
  back: 'Zpět na seznam',
  newer: 'Nové zprávy',
  older: 'Načítání starších zpráv…',
  typing: (name) => `${name} píše`,

  accept: 'Přijmout',
  takeOver: 'Převzít',
  accepted: 'Tento tiket už máte přijatý',
  statuses:
    { new: 'Nový', open: 'Otevřený', pending: 'Čekající', onHold: 'Pozastavený', solved: 'Vyřešený', closed: 'Uzavřený' },
  styles: { chat: 'Chat', repeat: 'Vracející se zákazník', social: 'Zprávy na sítích' },
  setStatus: 'Stav tiketu',
  isNow: (status) => `Stav tiketu je teď: ${status}`,
  closedIsFinal: 'Uzavřený je konečný. Když zákazník napíše, začne nový tiket.',
  acceptFirst: 'Nejdřív tiket přijměte, nebo zákazníkovi odpovězte',
  notYet: 'Konverzace se ještě nenačetla',

  reply: 'Odpověď',
  note: 'Interní poznámka',
  replyHint: 'Odpovědět zákazníkovi…',
  closedHint: 'Tento tiket je uzavřený. Když zákazník napíše, začne nový; poznámky jde psát vždy.',
  noteHint: 'Poznámka, kterou vidí jen operátoři…',
  send: 'Odeslat',
  addNote: 'Přidat poznámku',
  kind: 'Co napsat',
  onlyAgents: 'Interní poznámka, vidí ji jen operátoři',

  queued: 'Čeká se na spojení',
  sending: 'Odesílání…',
  sent: 'Odesláno',
  delivered: 'Doručeno',
  read: 'Přečteno',
  failed: 'Neodesláno.',
  retry: 'Zkusit znovu',
  discard: 'Zahodit',

  ticketBegan: (ticket, style) => `Začal tiket ${ticket} · ${style}`,
  became: (status) => `Stav: ${status}`,
  assigned: (name) => `Přiděleno: ${name}`,
  unassigned: 'Zpět ve frontě',
  session: {
    active: 'Zákazník je zpět',
    inactive: {
      silence: 'Zákazník mlčí', left: 'Zákazník opustil stránku', offline: 'Zákazník je offline',
    },
    ended: { customer: 'Zákazník ukončil relaci', agent: 'Relace byla ukončena' },
  },

  about: 'O této konverzaci',
  identified: 'Přihlášený',
  anonymous: 'Anonymní návštěvník',
  customerOnline: 'Teď online',
  customerAway: 'Teď tu není',
  channel: 'Kanál',
  style: 'Styl',
  assignee: 'Přiděleno',
  nobody: 'Zatím nikomu',
  sessionState: 'Relace',
  sessionStates: { active: 'Aktivní', inactive: 'Neaktivní', ended: 'Ukončená' },
  earlier: 'Tikety této konverzace',
  viewing: 'Dívá se také',
  endSession: 'Ukončit relaci',

  agentStatuses: { online: 'Online', away: 'Pryč', transfers: 'Jen předané', offline: 'Offline' },
  people: 'Operátoři online',
  live: 'Připojeno',
  connection: {
    connecting: 'Připojování…', waiting: 'Spojení se přerušilo. Zkoušíme to znovu…', offline: 'Jste offline',
    paused: 'Pozastaveno',
  },
  theme: { auto: 'Barvy: podle systému', light: 'Barvy: světlé', dark: 'Barvy: tmavé' },
  keys: 'Klávesy',
  closeKeys: 'Zavřít',
  dismiss: 'Zavřít upozornění',
};
