/** The screens, by their names in addresses, in the order of the menu. Each is loaded when it is opened. */
import type { ComponentType } from 'preact';
import type { Sentence } from './i18n/language.ts';
import type { SiteScreenProps } from './screens/props.ts';

export interface Screen<Props = Record<string, never>> {
  name: string;
  words: Sentence;
  load: () => Promise<{ default: ComponentType<Props> }>;
}

export const SITE_SCREENS: readonly Screen<SiteScreenProps>[] = [
  {
    name: 'home',
    words: { it: 'Per iniziare', en: 'Getting started' },
    load: () => import('./screens/home.tsx'),
  },
  {
    name: 'bot',
    words: { it: 'Bot', en: 'Bot' },
    load: () => import('./screens/bot.tsx'),
  },
  {
    name: 'messages',
    words: { it: 'Messaggi', en: 'Messages' },
    load: () => import('./screens/messages.tsx'),
  },
  {
    name: 'people',
    words: { it: 'Persone', en: 'People' },
    load: () => import('./screens/people.tsx'),
  },
  {
    name: 'log',
    words: { it: 'Registro', en: 'Log' },
    load: () => import('./screens/log.tsx'),
  },
  {
    name: 'waiting',
    words: { it: 'In attesa', en: 'Waiting' },
    load: () => import('./screens/waiting.tsx'),
  },
  {
    name: 'figures',
    words: { it: 'Statistiche', en: 'Figures' },
    load: () => import('./screens/figures.tsx'),
  },
  {
    name: 'settings',
    words: { it: 'Impostazioni', en: 'Settings' },
    load: () => import('./screens/settings.tsx'),
  },
  {
    name: 'webhook',
    words: { it: 'Webhook', en: 'Webhook' },
    load: () => import('./screens/webhook.tsx'),
  },
];

export const PLATFORM_SCREENS: readonly Screen[] = [
  {
    name: 'sites',
    words: { it: 'Siti', en: 'Sites' },
    load: () => import('./screens/sites.tsx'),
  },
  {
    name: 'keys',
    words: { it: 'Chiavi', en: 'Keys' },
    load: () => import('./screens/keys.tsx'),
  },
  {
    name: 'audit',
    words: { it: 'Modifiche', en: 'Changes' },
    load: () => import('./screens/audit.tsx'),
  },
];
