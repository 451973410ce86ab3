/** Czech: what can go wrong, and how to mend it. */
import type { Troubles } from '../trouble.ts';

export const csTrouble: Troubles = {
  forbidden: ['To dělat nesmíte.', 'Přihlaste se jako někdo, kdo smí, nebo se obraťte na správce.'],
  notFound: ['Tato konverzace neexistuje, nebo není pro vás.', 'Zkontrolujte adresu.'],
  invalid: ['Některá hodnota není povolená.', 'Opravte ji a zkuste to znovu.'],
  tooLarge: ['Zpráva je delší, než je povoleno.', 'Zkraťte ji nebo rozdělte: nejvýše 8000 znaků.'],
  ticketClosed: [
    'Tiket je uzavřený a už se nemění.',
    'Napište do konverzace: začne nový tiket. Poznámky jde psát vždy.',
  ],
  wrongStatus: ['Z tohoto stavu tam tiket přejít nemůže.', 'Načtěte tiket znovu.'],
  quarantined: [
    'Tato konverzace narazila na chybu serveru a je pozastavená, aby se ochránila její historie.',
    'Nic potvrzeného se neztratilo; dejte vědět provozovateli.',
  ],
  damaged: [
    'Část záznamu s touto konverzací je poškozená.',
    'Dejte vědět provozovateli: je třeba ji obnovit ze zálohy.',
  ],
  superseded: [
    'Mezitím odpověděl kolega.',
    'Přečtěte si odpověď a pak odešlete znovu, upravte text, nebo ho zahoďte.',
  ],
  conflict: ['Mezitím to změnil někdo jiný.', 'Podívejte se, jak to je teď, a změňte to znovu.'],
  noCapacity: [
    'Operátor nemá na tomto kanálu volné místo.',
    'Vyberte jiného operátora nebo tým, nebo přesto předejte, nad limit.',
  ],
  offerGone: ['Nabídka už přešla k někomu jinému.', 'Vezměte si jinou konverzaci.'],
  inUse: ['Ještě se to používá.', 'Nejdřív přesuňte nebo dokončete to, co to používá.'],
  rateLimited: ['Příliš mnoho akcí za krátkou dobu.', 'Zkuste to za chvíli znovu.'],
  overloaded: ['Konverzace má ve frontě příliš mnoho práce.', 'Zkuste to za chvíli znovu.'],
  storeUnavailable: [
    'Server teď nemůže nic zapsat.',
    'Zkuste to za chvíli znovu; pokud to trvá, dejte vědět provozovateli.',
  ],
  unanswered: ['Server neodpověděl včas.', 'Zkuste to znovu.'],
  outboxFull: ['Na odeslání čeká příliš mnoho zpráv.', 'Počkejte na spojení, nebo některé zahoďte.'],
};
