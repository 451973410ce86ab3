/**
 * Every word that the console says, in the language that was settled when the page loaded. English words stand in
 * `languages/en*.ts`; the other languages must have the same, or nothing is built.
 */
import { SPOKEN } from './languages/choice.ts';
import { csAdmin } from './languages/cs.admin.ts';
import { csBoard } from './languages/cs.board.ts';
import { csFields } from './languages/cs.fields.ts';
import { cs } from './languages/cs.ts';
import { enAdmin, type AdminWords } from './languages/en.admin.ts';
import { enBoard, type BoardWords } from './languages/en.board.ts';
import { enFields, type FieldWords } from './languages/en.fields.ts';
import { en, type Words } from './languages/en.ts';
import { itAdmin } from './languages/it.admin.ts';
import { itBoard } from './languages/it.board.ts';
import { itFields } from './languages/it.fields.ts';
import { it } from './languages/it.ts';
import { ptAdmin } from './languages/pt.admin.ts';
import { ptBoard } from './languages/pt.board.ts';
import { ptFields } from './languages/pt.fields.ts';
import { pt } from './languages/pt.ts';

const { language, locale } = SPOKEN;
/** For dates and numbers: language and place, `pt-PT`. */
export const LANGUAGE = locale;

export const STRINGS: Words = { en, it, pt, cs }[language];
export const BOARD: BoardWords = { en: enBoard, it: itBoard, pt: ptBoard, cs: csBoard }[language];
export const ADMIN: AdminWords = { en: enAdmin, it: itAdmin, pt: ptAdmin, cs: csAdmin }[language];
export const FIELDS: FieldWords = { en: enFields, it: itFields, pt: ptFields, cs: csFields }[language];
