/** Every word of the flows, in the language of the console; loaded with them. */
import { SPOKEN } from '../languages/choice.ts';
import { enFlows, type FlowWords } from '../languages/en.flows.ts';

export const FLOWS: FlowWords = { en: enFlows, it: enFlows, pt: enFlows, cs: enFlows }[SPOKEN.language];
