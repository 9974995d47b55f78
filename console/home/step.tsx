import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { say } from '../i18n/language.ts';
import { Icon } from '../shell/icon.tsx';

interface StepProps {
  number: number;
  title: string;
  isDone: boolean;
  /** The first that is still to do: it is open. */
  isNext: boolean;
  /** Something is typed in it and not saved: it is open from the beginning. */
  hasDraft: boolean;
  /** How it stands, in a few words. */
  state: ComponentChildren;
  children: ComponentChildren;
}

export function Step({ number, title, isDone, isNext, hasDraft, state, children }: StepProps) {
  const [hadDraft] = useState(hasDraft);
  return (
    <li class={`step ${isDone ? 'done' : ''} ${isNext ? 'next' : ''}`}>
      <details open={isNext || hadDraft}>
        <summary>
          <span class="step-mark" aria-hidden="true">
            {isDone ? <Icon name="good" /> : number}
          </span>
          <span class="step-words">
            <h2>{title}</h2>
            <span class="step-state">
              <span class="visually-hidden">
                {isDone ? say({ it: 'Fatto: ', en: 'Done: ' }) : say({ it: 'Da fare: ', en: 'To do: ' })}
              </span>
              {state}
            </span>
          </span>
        </summary>
        <div class="step-content">{children}</div>
      </details>
    </li>
  );
}
