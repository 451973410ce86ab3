/** The command palette: every act that is possible now, and every place, by a few letters. */
import type { AgentConversation, Right } from '../agent.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { LANGUAGES, type Language } from '../ui/language.ts';
import { Picker, type Choice } from '../ui/picker.tsx';
import { useValue } from '../ui/value.ts';
import { iconOf } from './act-icons.ts';
import { ACTS, actsOf, GROUPS, isHidden } from './acts.ts';
import { capsOf } from './caps.tsx';
import { useConsole, type Console } from './context.ts';
import { Face } from './face.tsx';
import { speak } from './languages/choice.ts';
import { statusDot, statusesOf } from './my-status.tsx';
import { DENSITIES, prefer } from './preferences.ts';
import { recent } from './recent.ts';
import { STRINGS } from './strings.ts';
import { setTheme, THEMES } from './theme.ts';
import { listName } from './titles.ts';
import { STATUS_LISTS, VIEWS } from './views.ts';
import type { Macro } from './workspace.ts';

interface Props {
  conversation: AgentConversation | null;
  onMacro(macro: Macro): void;
  onClose(): void;
}
/** A choice, and what it does. */
type Command = Choice & { readonly run: () => void };
const SEARCH = 'search ';

export function Palette({ conversation, onMacro, onClose }: Props) {
  const context = useConsole();
  const right = useValue(context.agent.desk.state)?.right ?? 'agent';
  const commands = [
    ...actCommands(context), ...placeCommands(context, right), ...peopleCommands(context),
    ...(conversation ? macroCommands(context, onMacro) : []), ...settingCommands(context),
  ];
  const free = (typed: string): Choice => (
    { id: SEARCH + typed, name: STRINGS.searchFor(typed), lead: <Icon name="search" /> });
  const choose = ({ id }: Choice) => {
    // Closed first, so that what comes next may take the focus.
    onClose();
    if (id.startsWith(SEARCH)) {
      context.go({});
      context.find(id.slice(SEARCH.length));
    } else commands.find((command) => command.id === id)?.run();
  };
  return (
    <Dialog label={STRINGS.palette} kind="is-palette" onClose={onClose}>
      <Picker label={STRINGS.palette} hint={STRINGS.paletteHint} choices={commands} none={STRINGS.noCommand} free={free}
        onChoose={choose} />
    </Dialog>
  );
}

function actCommands({ acting }: Console): Command[] {
  const possible = new Set(acting.possible());
  return GROUPS.flatMap(actsOf).filter((id) => possible.has(id) && !isHidden(id)).map((id) => ({
    id: `act ${id}`, name: STRINGS.acts[id], group: STRINGS.actGroups[ACTS[id].group], keys: capsOf(id),
    lead: <Icon name={iconOf(id)} />, run: () => void acting.run(id),
  }));
}

function placeCommands({ go, workspace, place }: Console, right: Right): Command[] {
  const teams = workspace.teams.map(({ id }) => `team:${id}` as const);
  const lists = [...VIEWS, ...teams, ...STATUS_LISTS.map((status) => `status:${status}` as const)];
  const to = { words: STRINGS.goTo, group: STRINGS.goTo };
  const board: Command = { ...to, id: 'board', name: STRINGS.board, lead: <Icon name="chart" />, run: () => go({ page: 'board' }) };
  const admin: Command = {
    ...to, id: 'admin', name: STRINGS.administration, lead: <Icon name="sliders" />, run: () => go({ page: 'admin' }),
  };
  const flows: Command = { ...to, id: 'flows', name: STRINGS.flows, lead: <Icon name="flow" />, run: () => go({ page: 'flows' }) };
  return [
    ...lists.map((list) => (
      { ...to, id: `list ${list}`, name: listName(list, workspace), lead: <Icon name="inbox" />, run: () => go({ list }) })),
    ...(right === 'agent' ? [] : [board]), flows, ...(right === 'admin' ? [admin] : []),
    ...recent().filter(({ id }) => id !== place.open).map(({ id, name }) => ({
      id: `recent ${id}`, name, words: STRINGS.recent, group: STRINGS.recent, lead: <Face id={id} name={name} />,
      run: () => go({ open: id }),
    })),
  ];
}

/** An agent's open tickets are a list, too. */
function peopleCommands({ go, workspace }: Console): Command[] {
  return workspace.agents.map(({ id, name, handle }) => ({
    id: `agent ${id}`, name: STRINGS.listOf(name), words: handle, group: STRINGS.colleagues,
    lead: <Face id={id} name={name} />, run: () => go({ list: `agent:${id}` }),
  }));
}

function macroCommands({ workspace }: Console, onMacro: (macro: Macro) => void): Command[] {
  return workspace.macros.map((macro) => ({
    id: `macro ${macro.id}`, name: macro.name, words: `${STRINGS.macros} ${macro.text}`, group: STRINGS.macros,
    lead: <Icon name="bolt" />, run: () => onMacro(macro),
  }));
}

function settingCommands(context: Console): Command[] {
  const { agent, watch } = context;
  const group = STRINGS.preferences;
  const languages = Object.keys(LANGUAGES).filter((one): one is Language => one in LANGUAGES);
  const sun = { auto: 'halves', light: 'sun', dark: 'moon' } as const;
  return [
    ...statusesOf(context).map(({ id, name }) => ({
      id: `status ${id}`, name: STRINGS.setMyStatus(name), group, lead: <i class={statusDot(id)} />,
      run: () => watch(agent.desk.setStatus(id)),
    })),
    ...THEMES.map((theme) => ({
      id: `theme ${theme}`, name: STRINGS.theme[theme], group, lead: <Icon name={sun[theme]} />, run: () => setTheme(theme),
    })),
    ...languages.map((one) => ({
      id: `language ${one}`, name: STRINGS.speak(LANGUAGES[one].name), group, lead: <Icon name="talk" />, run: () => speak(one),
    })),
    ...DENSITIES.map((density) => ({
      id: `density ${density}`, name: STRINGS.densities[density], group, lead: <Icon name="list" />,
      run: () => prefer({ density }),
    })),
  ];
}
