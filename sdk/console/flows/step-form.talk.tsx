/** Forms of the steps that talk: say, ask, and the note to agents. */
import { Icon } from '../../ui/icons.tsx';
import { isTree, type Tree } from '../admin/tree.ts';
import { idFrom } from '../admin/keyed.ts';
import { Area, Duration, Fieldset, NumberField, Said, Select, written } from './fields.tsx';
import { useAt, useForm } from './form.ts';
import { KeepIn } from './keep-in.tsx';
import { stepsOf } from './steps.ts';
import { sentenceIn, Texts, withSentence } from './texts.tsx';
import { FLOWS } from './words.ts';

/** What the engine takes where nothing is said. */
const ASK_FOR_MS = 86_400_000;
const TRIES = 3;

export function SayForm() {
  return <Texts path="text" label={FLOWS.text} rows={4} />;
}

export function NoteForm() {
  return <Area path="text" label={FLOWS.text} rows={4} hint={FLOWS.noteHint} />;
}

export function AskForm() {
  const { value, change } = useForm();
  /** Choices belong to a choice alone. */
  const turn = (answer: string) => {
    const { choices, ...rest } = value;
    const blank = { value: '', label: '' };
    change('', { ...rest, answer, ...(answer === 'choice' ? { choices: choices ?? [blank, blank] } : {}) });
  };
  const answers = Object.entries(FLOWS.answers).filter(([id]) => id !== 'url').map(([id, name]) => ({ id, name }));
  return (
    <>
      <Texts path="text" label={FLOWS.question} />
      <Select path="answer" label={FLOWS.answerIs} of={answers} onPick={turn} />
      {value['answer'] === 'choice' && <Choices />}
      <KeepIn path="save" label={FLOWS.saveIn} />
      <Texts path="retry" label={FLOWS.retry} rows={2} optional={FLOWS.retryDefault} />
      <div class="fields">
        <NumberField path="retries" label={FLOWS.retries} least={0} most={10} standard={TRIES} />
        <Duration path="forMs" label={FLOWS.askFor} standard={ASK_FOR_MS} />
      </div>
    </>
  );
}

/** What the customer may choose: each a label in the customer's language, and the value that is kept. */
function Choices() {
  const { language, fallback } = useForm();
  const { value, set, id, said } = useAt('choices');
  const all = stepsOf(value);
  const put = (at: number, one: Tree) => set(all.map((other, i) => (i === at ? one : other)));
  const change = (at: number, label: string) => {
    const one = all[at] ?? {};
    const others = all.filter((_, i) => i !== at).map((other) => written(other['value']));
    // The value follows the first label until flows compare with it.
    const before = idFrom(sentenceIn(one['label'], fallback, fallback), others);
    const follows = language === fallback && written(one['value']) === before;
    const next = withSentence(one['label'], language, fallback, label);
    put(at, { ...one, label: next, ...(follows ? { value: idFrom(label, others) } : {}) });
  };
  return (
    <Fieldset path="choices" label={FLOWS.choices} hint={FLOWS.choicesHint}>
      <ul class="pairs">
        {all.map((one, i) => (
          <li key={i} data-field={`choices.${i}`}>
            <input type="text" lang={language} aria-label={FLOWS.choiceLabel(i + 1)}
              placeholder={sentenceIn(one['label'], fallback, fallback) || FLOWS.label}
              value={languageOwn(one['label'], language, fallback)}
              onInput={(event) => change(i, event.currentTarget.value)} />
            <input type="text" class="mono" aria-label={FLOWS.choiceValue(i + 1)} placeholder={FLOWS.value}
              value={written(one['value'])} spellcheck={false}
              onInput={(event) => put(i, { ...one, value: event.currentTarget.value })} />
            <button type="button" class="plain" aria-label={FLOWS.removeChoice(i + 1)}
              onClick={() => set(all.filter((_, at) => at !== i))}><Icon name="close" /></button>
          </li>
        ))}
      </ul>
      <Said id={id} said={all.length === 0 ? said : []} />
      <button type="button" class="plain-add"
        onClick={() => set([...all, { value: '', label: '' }])}><Icon name="plus" />{FLOWS.addChoice}</button>
    </Fieldset>
  );
}

/** What stands there in this language itself. */
function languageOwn(text: unknown, language: string, fallback: string): string {
  if (!isTree(text)) return language === fallback ? written(text) : '';
  return written(text[language]);
}

