/** Every word of the flows, in the language of the console; loaded with them. */
import { SPOKEN } from '../languages/choice.ts';
import { csFlows } from '../languages/cs.flows.ts';
import { enFlows, type FlowWords } from '../languages/en.flows.ts';
import { itFlows } from '../languages/it.flows.ts';
import { ptFlows } from '../languages/pt.flows.ts';

export const FLOWS: FlowWords = { en: enFlows, it: itFlows, pt: ptFlows, cs: csFlows }[SPOKEN.language];
