/** Every word of the flows, in the language of the console; loaded with them. */
import { SPOKEN } from '../languages/choice.ts';
import { csFlows } from '../languages/cs.flows.ts';
import { csTrial } from '../languages/cs.trial.ts';
import { csVersions } from '../languages/cs.versions.ts';
import { enFlows, type FlowWords } from '../languages/en.flows.ts';
import { enTrial, type TrialWords } from '../languages/en.trial.ts';
import { enVersions, type VersionWords } from '../languages/en.versions.ts';
import { itFlows } from '../languages/it.flows.ts';
import { itTrial } from '../languages/it.trial.ts';
import { itVersions } from '../languages/it.versions.ts';
import { ptFlows } from '../languages/pt.flows.ts';
import { ptTrial } from '../languages/pt.trial.ts';
import { ptVersions } from '../languages/pt.versions.ts';

export const FLOWS: FlowWords = { en: enFlows, it: itFlows, pt: ptFlows, cs: csFlows }[SPOKEN.language];
export const TRIAL: TrialWords = { en: enTrial, it: itTrial, pt: ptTrial, cs: csTrial }[SPOKEN.language];
export const VERSIONS: VersionWords = { en: enVersions, it: itVersions, pt: ptVersions, cs: csVersions }[SPOKEN.language];
