/** Where a screen fails, it says so, and the rest of the page goes on. */
import { Component, type ComponentChildren } from 'preact';
import { say } from '../i18n/language.ts';
import { Failure } from '../ui/failure.tsx';

export class Boundary extends Component<{ children: ComponentChildren }, { error?: unknown }> {
  override componentDidCatch(error: unknown): void {
    this.setState({ error });
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return (
      <div class="stack">
        <h1>{say({ it: 'Questa pagina si è fermata', en: 'This page has stopped' })}</h1>
        <Failure error={this.state.error} onRetry={() => this.setState({ error: undefined })} />
      </div>
    );
  }
}
