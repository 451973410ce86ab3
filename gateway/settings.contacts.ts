/** Fields that a workspace keeps of its contacts, beside those that are always there. */
import { z } from 'zod';
import { FIELDS_ALWAYS } from '../machines/world.ts';
import { distinct, id, named, text } from './settings.words.ts';

const TYPES = ['text', 'email', 'phone', 'url', 'number', 'date', 'choice', 'boolean', 'language', 'country'] as const;
const FIELDS_MAX = 40;
const CHOICES_MAX = 100;
/** What flows and pages know of every contact; and the one name that every JavaScript object has. */
const TAKEN = [...FIELDS_ALWAYS.map((field) => field.id), 'name', 'identified', 'constructor'];

export const fields = named(z.strictObject({
  id: id.refine((own) => !TAKEN.includes(own), 'is what every contact has already: choose another id'),
  name: text(80),
  type: z.enum(TYPES).default('text').describe('What its values are; others are refused'),
  choices: distinct(text(80), CHOICES_MAX).default([]).describe('What may be chosen, of a choice'),
}).refine(({ type, choices }) => type !== 'choice' || choices.length > 0, {
  path: ['choices'], message: 'has nothing to choose: name what may be chosen',
}).refine(({ type, choices }) => type === 'choice' || choices.length === 0, {
  path: ['choices'], message: 'are of a choice only: make it one, or leave them out',
}), FIELDS_MAX, 'field').describe('Besides e-mail, phone, language and country. Customers, agents, flows and your own pages set them');
