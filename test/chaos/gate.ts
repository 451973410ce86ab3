/** Where everybody waits until something is so: open or not, and once open for all who waited. */
export interface Gate {
  promise: Promise<void>;
  open: boolean;
  resolve(): void;
}

export function gate(): Gate {
  let met = (): void => {};
  const promise = new Promise<void>((resolve) => (met = resolve));
  const one = { promise, open: false, resolve: () => { one.open = true; met(); } };
  return one;
}
