/** `npm run flow`: a flow in a file is checked, proved, drawn or published, before or without the console. */
import { chartOf } from '../machines/flows/chart.ts';
import { check } from '../machines/flows/check.ts';
import { stepsOf, type Flow, type Problem } from '../machines/flows/flow.ts';
import { wrongId } from '../machines/flows/library.ts';
import { explore } from '../machines/flows/proof.ts';
import { flowJsonSchema, parseFlow } from '../machines/flows/schema.ts';
import { noSuch } from '../machines/nearest.ts';
import { readLine } from './arguments.ts';
import { mermaid } from './flow.draw.ts';
import { readFlow, type FlowFile } from './flow.file.ts';
import { openRemote, type Remote } from './flow.remote.ts';
import { knownOf } from './flows.fit.ts';
import { readSettings } from './settings.file.ts';
import { parseSettings } from './settings.ts';

const HELP = `Flows in files: checked, proved and published from the command line.

  npm run flow -- COMMAND FILE... [options]
  npm run flow -- schema

  check          Says what is wrong, each with its place and what to do; then it ends with 1.
  prove          Walks every state and every transition of it, and says which nothing reaches.
  draw           Its statechart as Mermaid text.
  publish        Keeps it as the draft on a running gateway and makes it the next version.
  schema         The JSON Schema of a flow, for an editor.

  FILE is YAML, JSON, or TypeScript with the flow as its default export. Its name is the flow's id:
  nudge.yaml is "nudge". Each may run the flows of the other files, or with --url what is live there.

  --config FILE  Settings to check it against: its teams, agents, skills, fields and names of secrets.
                 Default: the settings of a start without --config.
  --workspace W  Which one of the settings. Default demo.
  --url URL      A running gateway to check against or to publish on: its address, or the console link
                 that it prints at its start.
  --token T      An agent's, to publish an administrator's. Default PARLEY_TOKEN; else the demo's agent.
  --migrate      Runs of the live version go over to the new one, if all can. Default: they finish on theirs.
  --note TEXT    For colleagues: what is new in the version.
  --force        Publish over a draft that somebody has changed and not published.
  --help         This text.
`;

type File = FlowFile & { path: string; flow: Flow };
type Judge = (flow: string, definition: unknown) => Promise<readonly Problem[]>;
type Say = (text: string) => void;
interface How {
  remote: Remote | undefined;
  migrate: boolean;
  note: string;
  force: boolean;
}

/** Each for one file that is right; @returns whether it is still. */
const COMMANDS: Readonly<Record<string, (file: File, say: Say, how: How) => boolean | Promise<boolean>>> = {
  check({ path, flow: { start, steps } }, say) {
    say(`${path}: right, ${counted(stepsOf(steps).length, 'step')}, starts on ${start.map(({ on }) => on).join(', ')}\n`);
    return true;
  },
  prove({ path, flow: proved }, say) {
    const { states, transitions, unreached, complete } = explore(proved);
    const never = [
      ...unreached.states.map((state) => `${state} is never reached`),
      ...unreached.transitions.map(({ from, to, on, when }) =>
        `${from} never goes to ${to}${on === '' ? '' : ` on ${on}`}${when === '' ? '' : ` when ${when}`}`),
    ];
    const walked = `${counted(states.length, 'state')} and ${counted(transitions.length, 'transition')}`;
    if (!complete) say(`${path}: there is more to walk than can be walked: put some steps into a flow of their own and "run" it\n`);
    say(never.length === 0 ? `${path}: ${walked}, each can come about\n` : `${path}: of ${walked}\n${never.map((line) => `  ${line}\n`).join('')}`);
    return never.length === 0 && complete;
  },
  draw({ flow: drawn }, say) {
    say(mermaid(chartOf(drawn)));
    return true;
  },
  async publish({ id, path, definition }, say, { remote, ...how }) {
    if (remote === undefined) throw new Error('Publish where? Give --url, the address of a running gateway.');
    const { version, was } = await remote.publish(id, definition, how);
    say(`${path}: "${id}" is live in version ${version}${version === was ? ', as it was' : ''}\n`);
    return true;
  },
};

/**
 * @returns whether all is right; what is not has been said
 * @throws Error in a sentence or two, for what was asked in a wrong way
 */
export async function flow(args: readonly string[], env: Readonly<Record<string, string | undefined>>, say: Say): Promise<boolean> {
  const { values, positionals: [name = '', ...paths] } = readLine(args, {
    config: { type: 'string' }, workspace: { type: 'string', default: 'demo' }, url: { type: 'string' },
    token: { type: 'string', default: env.PARLEY_TOKEN ?? '' }, migrate: { type: 'boolean', default: false },
    note: { type: 'string', default: '' }, force: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false },
  }, true);
  if (values.help || name === '') {
    say(HELP);
    return true;
  }
  if (name === 'schema') {
    say(`${JSON.stringify(flowJsonSchema(), null, 2)}\n`);
    return true;
  }
  const names = [...Object.keys(COMMANDS), 'schema'];
  const carryOut = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (carryOut === undefined) throw new Error(`T${noSuch('command', name, names).slice(1)}`);
  if (paths.length === 0) throw new Error(`Name a file to ${name}, for instance docs/flows/after-hours.yaml.`);
  const { config, workspace, url, token, ...how } = values;
  const remote = url === undefined ? undefined : await openRemote(url, token === '' ? undefined : token);
  const files = await Promise.all(paths.map(async (path) => ({ path, ...await readFlow(path) })));
  const judge = remote?.check ?? await judgeOf(config, workspace, files);
  let right = true;
  for (const file of files) {
    const found = await rightOf(file, judge, say);
    right = found !== undefined && await carryOut({ ...file, flow: found }, say, { ...how, remote }) && right;
  }
  return right;
}

/** Says each problem at its line; undefined when there are any. */
async function rightOf({ id, path, definition, line }: Omit<File, 'flow'>, judge: Judge, say: Say): Promise<Flow | undefined> {
  const wrong = wrongId(id);
  if (wrong !== undefined) {
    say(`${path}: the name of the file is the flow's id, and ${wrong}\n`);
    return undefined;
  }
  const problems = await judge(id, definition);
  for (const { path: at, problem } of problems) {
    const where = [path, line(at)].filter((part) => part !== undefined).join(':');
    say(`${[where, at, problem].filter((part) => part !== '').join(': ')}\n`);
  }
  const parsed = parseFlow(definition);
  return problems.length === 0 && 'flow' in parsed ? parsed.flow : undefined;
}

/** By the settings of a file, beside the other flows that were named. */
async function judgeOf(config: string | undefined, workspace: string, files: readonly FlowFile[]): Promise<Judge> {
  const { workspaces } = parseSettings(config === undefined ? {} : await readSettings(config));
  const found = Object.hasOwn(workspaces, workspace) ? workspaces[workspace] : undefined;
  if (found === undefined) throw new Error(`In the settings ${noSuch('workspace', workspace, Object.keys(workspaces))}`);
  const others = files.flatMap(({ id, definition }) => {
    const parsed = parseFlow(definition);
    return 'flow' in parsed ? [{ id, flow: parsed.flow }] : [];
  });
  return (flow, definition) => Promise.resolve(
    check(definition, knownOf(flow, found.sections, Object.keys(found.secrets), others.filter(({ id }) => id !== flow))).problems,
  );
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
