import { say } from '../i18n/language.ts';

/** Something is being loaded. @param words absent where it is clear what. */
export function Waiting({ words }: { words?: string }) {
  return (
    <p class="waiting" role="status">
      {words ?? say({ it: 'Un momento …', en: 'One moment …' })}
    </p>
  );
}
