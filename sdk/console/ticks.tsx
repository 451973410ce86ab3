/** A few things of which any number may be chosen, each with a tick. What is chosen stands in the order of the things. */
interface Props {
  /** Of the inputs, the same for all. */
  name: string;
  of: readonly { readonly id: string; readonly name: string }[];
  chosen: readonly unknown[];
  onChange(chosen: string[]): void;
}

export function Ticks({ name, of, chosen, onChange }: Props) {
  const pick = (id: string, wanted: boolean) =>
    onChange(of.map((one) => one.id).filter((one) => (one === id ? wanted : chosen.includes(one))));
  return (
    <>
      {of.map((one) => (
        <label key={one.id} class="pick">
          <input type="checkbox" name={name} checked={chosen.includes(one.id)}
            onChange={(event) => pick(one.id, event.currentTarget.checked)} />
          <span>{one.name}</span>
        </label>
      ))}
    </>
  );
}
