/**
 * The flows that nobody has to write: each a form that becomes one.
 */
import { nudge } from './templates/nudge.ts';
import { operator } from './templates/operator.ts';
import { teamByAnswer } from './templates/team-by-answer.ts';
import { teamByData } from './templates/team-by-data.ts';
import type { Template } from './templates/template.ts';
import { vip } from './templates/vip.ts';

export const TEMPLATES: readonly Template[] = [nudge, vip, teamByAnswer, teamByData, operator];
