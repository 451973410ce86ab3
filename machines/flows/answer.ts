/** What a customer may answer to a question of a flow, and what is kept of it. */
import type { Get } from './fields.ts';
import { fill, textIn } from './fill.ts';
import { DEFAULTS, type Ask, type Choice, type Flow, type Text, type Value } from './flow.ts';
import { fold, localOf, normal } from './kinds.ts';

/** The value that a message gives; undefined when it is no valid answer. A choice is typed as its label in any language,
 * as its value, or as its number. */
export function answerTo(ask: Ask, text: string, get: Get): Value | undefined {
  if (ask.answer === 'choice') return chosen(ask.choices ?? [], text, get)?.value;
  const answer = normal(ask.answer, text, localOf(get));
  return answer !== undefined && ask.answer === 'number' ? Number(answer) : answer;
}

/** What the customer may tap, in their language; nothing unless it is a question of choice. */
export function labelsOf(ask: Ask, flow: Pick<Flow, 'language'>, get: Get): string[] {
  return (ask.answer === 'choice' ? ask.choices ?? [] : []).map(({ label }) => spoken(label, flow, get));
}

/** A text of a flow as the customer reads it. */
export function spoken(text: Text, { language = DEFAULTS.language }: Pick<Flow, 'language'>, get: Get): string {
  const theirs = get('contact.language');
  return fill(textIn(text, theirs === undefined ? undefined : String(theirs), language), get);
}

/** What means this choice, folded: its value, and its label in each language. */
export function namesOf({ value, label }: Choice, filled: (text: string) => string = (text) => text): string[] {
  const labels = typeof label === 'string' ? [label] : Object.values(label);
  return [value, ...labels.map(filled)].map((name) => fold(name.trim()));
}

function chosen(choices: readonly Choice[], text: string, get: Get): Choice | undefined {
  const given = fold(text.trim());
  const named = choices.find((choice) => namesOf(choice, (label) => fill(label, get)).includes(given));
  return named ?? (/^\d{1,2}$/.test(given) ? choices[Number(given) - 1] : undefined);
}
