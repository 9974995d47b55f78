import { chooseLanguage, language } from '../i18n/language.ts';
import { Icon } from './icon.tsx';

/** It says the other language, in that language: whoever needs it can read it. */
export function LanguageSwitch() {
  const other = language.value === 'it' ? 'en' : 'it';
  return (
    <button type="button" class="button plain" lang={other} onClick={() => chooseLanguage(other)}>
      <Icon name="language" />
      {other === 'it' ? 'Italiano' : 'English'}
    </button>
  );
}
