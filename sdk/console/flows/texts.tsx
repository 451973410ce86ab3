/** A sentence in several languages: one editor, for the language that the form is switched to. */
import { useRef } from 'preact/hooks';
import { isTree, without, type Tree } from '../admin/tree.ts';
import { LANGUAGE } from '../strings.ts';
import { Labelled, Options, type FieldProps } from './fields.tsx';
import { useAt, useForm } from './form.ts';
import { fillsOf } from './names.ts';
import { FLOWS } from './words.ts';

/** Of a sentence: what it says in a language, '' where it says nothing; one for all languages says the same in each. */
export function sentenceIn(text: unknown, language: string, fallback: string): string {
  if (typeof text === 'string') return text;
  const said = isTree(text) ? text[language] ?? text[fallback] ?? Object.values(text)[0] : '';
  return typeof said === 'string' ? said : '';
}

/**
 * With `said` in a language. A sentence that is the same for all stays one as long as only its own language is written
 * in; another language makes it one for each. Without any words it is ''.
 */
export function withSentence(text: unknown, language: string, fallback: string, said: string): string | Tree {
  if (!isTree(text)) {
    const own = typeof text === 'string' ? text : '';
    if (language === fallback) return said;
    return said === '' ? own : { ...(own === '' ? {} : { [fallback]: own }), [language]: said };
  }
  const all = said === '' ? without(text, language) : { ...text, [language]: said };
  return Object.keys(all).length === 0 ? '' : all;
}

/** Languages in which anything in a flow is said. */
export function languagesIn(value: unknown): string[] {
  const found = new Set<string>();
  const look = (one: unknown, key: string) => {
    if (Array.isArray(one)) one.forEach((item) => look(item, ''));
    else if (isTree(one)) {
      if (['text', 'retry', 'label'].includes(key)) Object.keys(one).forEach((language) => found.add(language));
      else Object.entries(one).forEach(([name, inner]) => look(inner, name));
    }
  };
  look(value, '');
  return [...found];
}

export function languageName(language: string): string {
  try {
    const name = new Intl.DisplayNames(LANGUAGE, { type: 'language' }).of(language) ?? language;
    return name.charAt(0).toLocaleUpperCase(LANGUAGE) + name.slice(1);
  } catch {
    return language;
  }
}

export function Texts(props: FieldProps & { rows?: number; optional?: string }) {
  const { language, fallback, fills } = useForm();
  const { id, said, value, set, shared } = useAt(props.path);
  const area = useRef<HTMLTextAreaElement>(null);
  const own = isTree(value) ? value[language] : language === fallback ? value : undefined;
  const stand = sentenceIn(value, fallback, fallback);
  const write = (text: string) => {
    const next = withSentence(value, language, fallback, text);
    set(next === '' && props.optional !== undefined ? undefined : next);
  };
  return (
    <Labelled {...props} id={id} said={said}>
      <textarea {...shared} ref={area} rows={props.rows ?? 3} lang={language} value={typeof own === 'string' ? own : ''}
        placeholder={stand || props.optional} onInput={(event) => write(event.currentTarget.value)} />
      {fills && <Fill into={area} label={props.label} />}
    </Labelled>
  );
}

/** A menu of what can be put into a text, at the caret. */
function Fill({ into, label }: { into: { current: HTMLTextAreaElement | null }; label: string }) {
  const { names } = useForm();
  const put = (field: string) => {
    const at = into.current;
    if (!at || field === '') return;
    at.focus();
    at.setRangeText(`{{${field}}}`, at.selectionStart ?? at.value.length, at.selectionEnd ?? at.value.length, 'end');
    at.dispatchEvent(new Event('input', { bubbles: true }));
  };
  return (
    <select class="fill" aria-label={FLOWS.insertInto(label)} value="" onChange={(event) => {
      put(event.currentTarget.value);
      event.currentTarget.value = '';
    }}>
      <option value="">{FLOWS.insert}</option>
      <Options of={fillsOf(names)} chosen="" />
    </select>
  );
}
