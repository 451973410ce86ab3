/** A card above the page: it has the keyboard until it closes, by Escape or a click beside it, and gives the focus back. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Props {
  label: string;
  /** Class of its sheet. */
  kind: string;
  onClose(): void;
  children: ComponentChildren;
}

export function Dialog({ label, kind, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Closed before it is gone: the browser then puts the focus back where it was.
    return () => element?.close();
  }, []);
  const beside = (event: MouseEvent) => {
    if (event.target === dialog.current) onClose();
  };
  const cancel = (event: Event) => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog ref={dialog} class={`dialog ${kind}`} aria-label={label} onCancel={cancel} onMouseDown={beside}>
      {children}
    </dialog>
  );
}
