/** What is wrong with the draft, as the gateway says it while one types; a click leads to where it is. */
import type { Tree } from '../admin/tree.ts';
import type { Placed } from './places.ts';
import { stepName } from './said.ts';
import { find } from './steps.ts';
import { FLOWS } from './words.ts';

interface Props {
  flow: Tree;
  problems: readonly Placed[];
  /** Whether they are those of what is typed now. */
  checked: boolean;
  onGo(problem: Placed): void;
}

export function Problems({ flow, problems, checked, onGo }: Props) {
  const none = problems.length === 0;
  return (
    <section class={none ? 'flow-problems' : 'flow-problems has-some'} aria-label={FLOWS.problems}>
      <h3 role="status" class={none && checked ? 'is-good' : ''}>
        {!none ? FLOWS.problemCount(problems.length) : checked ? FLOWS.noProblems : FLOWS.checking}
      </h3>
      {!none && (
        <ul>
          {problems.map((one, i) => (
            <li key={i}>
              <button type="button" onClick={() => onGo(one)}>
                <b>{one.step === null ? FLOWS.theFlow : stepName(find(flow, one.step)?.step ?? {})}</b> {one.problem}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
