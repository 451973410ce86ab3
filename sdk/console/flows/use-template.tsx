/** A template's parameters as a form, made from their JSON Schema; what comes of it is a draft of one's own. */
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Agent, Template } from '../../agent.ts';
import { ParleyError } from '../../index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useValue } from '../../ui/value.ts';
import { isTree, type Tree } from '../admin/tree.ts';
import { LANGUAGE } from '../strings.ts';
import { troubleOf } from '../trouble.ts';
import { FormContext, type Form } from './form.ts';
import { namesOf } from './names.ts';
import { idOfFlow } from './new-flow.tsx';
import { known, Parameters, problemsOfParameters } from './parameters.tsx';
import { hashOfFlow } from './place.ts';
import { stepName } from './said.ts';
import { put } from './steps.ts';
import { languageName, languagesIn, sentenceIn } from './texts.tsx';
import { FLOWS } from './words.ts';

interface Props {
  agent: Agent;
  template: Template;
  taken: readonly string[];
  onClose(): void;
}

export function UseTemplate({ agent, template, taken, onClose }: Props) {
  const settings = useValue(agent.settings.value);
  const own = LANGUAGE.split('-')[0] ?? 'en';
  const names = namesOf(settings, [], '', {}, stepName);
  const [value, setValue] = useState<Tree>(() => (
    { ...asTree(known(template.preset, names)), name: sentenceIn(template.name, own, 'en') }));
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState('');
  const [working, setWorking] = useState(false);
  const languages = useMemo(() => [...new Set([own, ...sentencesIn(template.preset)])], [template]);
  const [language, speak] = useState(own);
  const form = useRef<HTMLFormElement>(null);
  const wrong = useMemo(() => problemsOfParameters(template.parameters, value), [template, value]);
  const latest = useRef(value);
  latest.current = value;

  const begin = async () => {
    setTried(true);
    setRefused('');
    if (wrong.length > 0) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    setWorking(true);
    try {
      const made = await agent.flows.fromTemplate(template.id, value);
      const id = idOfFlow(String(value['name']), taken);
      await agent.flows.save(id, { ...asTree(made), about: sentenceIn(template.about, own, 'en') }, 0);
      onClose();
      location.hash = hashOfFlow(id);
    } catch (error) {
      const { what, mend } = troubleOf(error);
      setRefused(error instanceof ParleyError && error.detail !== '' ? `${what} ${error.detail}` : `${what} ${mend}`);
      setWorking(false);
    }
  };
  const context: Form = {
    value, names, language, fallback: 'en', fills: false,
    problems: tried ? wrong : [],
    change(path, to) {
      latest.current = put(latest.current, path === '' ? [] : path.split('.'), to);
      setValue(latest.current);
    },
  };
  return (
    <Dialog label={FLOWS.useIt(sentenceIn(template.name, own, 'en'))} kind="is-template" onClose={onClose}>
      <header>
        <h2>{sentenceIn(template.name, own, 'en')}</h2>
        <button type="button" class="plain" aria-label={FLOWS.cancel} onClick={onClose}><Icon name="close" /></button>
      </header>
      <form ref={form} class="template-form settings-page" noValidate
        onSubmit={(event) => { event.preventDefault(); void begin(); }}>
        <p class="means">{sentenceIn(template.about, own, 'en')}</p>
        {languages.length > 1 && (
          <div class="segments languages" role="group" aria-label={FLOWS.textsIn}>
            {languages.map((one) => (
              <button key={one} type="button" aria-pressed={one === language} title={languageName(one)}
                onClick={() => speak(one)} class="is-said">
                {one === language ? languageName(one) : one}
              </button>
            ))}
          </div>
        )}
        <FormContext value={context}><Parameters template={template} /></FormContext>
        {refused !== '' && <p class="refused" role="alert">{refused}</p>}
        <div class="form-foot">
          <button type="button" class="secondary" onClick={onClose}>{FLOWS.cancel}</button>
          <button type="submit" class="primary" disabled={working}>{FLOWS.makeDraft}</button>
        </div>
      </form>
    </Dialog>
  );
}

/** Languages of the sentences among the parameters, whatever they are called. */
function sentencesIn(preset: unknown): string[] {
  const isSentence = (one: Tree) => Object.keys(one).every((key) => /^[a-z]{2,3}(-\w+)?$/u.test(key));
  const sentences = Object.values(asTree(preset)).filter(isTree).filter(isSentence);
  return languagesIn({ texts: sentences.map((text) => ({ text })) });
}

function asTree(value: unknown): Tree {
  return isTree(value) ? value : {};
}
