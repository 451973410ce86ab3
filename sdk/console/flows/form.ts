/** What every field of a flow's forms needs: the value that the form is about, what may be chosen, what is wrong. */
import { createContext } from 'preact';
import { useContext, useId } from 'preact/hooks';
import type { Tree } from '../admin/tree.ts';
import type { Names } from './names.ts';
import { saidAt, type Placed } from './places.ts';
import { valueAt } from './steps.ts';

export interface Form {
  /** A step, the flow itself, or the parameters of a template. */
  readonly value: Tree;
  /** `path`: keys from the value down, `when.all.1.value`. Undefined takes a key away; '' is the value itself. */
  change(path: string, to: unknown): void;
  readonly problems: readonly Placed[];
  readonly names: Names;
  /** In which language texts are shown, and which one stands in for a text that has it not. */
  readonly language: string;
  readonly fallback: string;
  /** Whether fields of contacts and variables may be put into texts. */
  readonly fills: boolean;
}

const Context = createContext<Form | null>(null);
export const FormContext = Context.Provider;

export function useForm(): Form {
  const found = useContext(Context);
  if (found === null) throw new Error('A field of a flow is drawn outside of a form.');
  return found;
}

/** A field by its path: its value, the way to another one, and what its editor says to screen readers. */
export function useAt(path: string) {
  const { value, change, problems } = useForm();
  const id = useId();
  const said = saidAt(problems, path);
  return {
    id, said, value: valueAt(value, path.split('.')), set: (to: unknown) => change(path, to),
    shared: { id, 'aria-invalid': said.length > 0, 'aria-describedby': said.length > 0 ? `${id}-said` : undefined },
  };
}
