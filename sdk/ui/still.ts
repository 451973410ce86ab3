/** A component that is drawn again only when one of its properties is another: for what is costly and seldom changes. */
import { Component, h, type ComponentChild, type FunctionComponent } from 'preact';

export function still<P extends object>(Drawn: FunctionComponent<P>) {
  return class extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const now: Readonly<Partial<Record<string, unknown>>> = this.props;
      return Object.entries(next).some(([name, value]) => !Object.is(now[name], value));
    }

    override render(props: P): ComponentChild {
      return h(Drawn, props);
    }
  };
}
