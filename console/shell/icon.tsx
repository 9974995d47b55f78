/** Icons, drawn with lines in the colour of the text. They say nothing that is not in words beside them. */
const PATHS: Record<string, string> = {
  brand: 'M3 11.5 21 4l-3 16-6-4.5L9 19v-5L18 7 6.5 13z',
  home: 'M4 12l3 3 5-6M14 7h6M14 12h6M14 17h6M4 6l2 2 4-4',
  bot: 'M5 9h14v10H5zM12 9V5M9 14h.01M15 14h.01M2 13v3M22 13v3',
  messages: 'M4 5h16v11H9l-5 4z',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6M18 14.5c2 .8 3.200 2.600 3.500 5.500',
  log: 'M5 4h14v16H5zM8.500 9h7M8.500 13h7M8.500 17h4',
  waiting: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.500v5M9 14.500v5',
  webhook: 'M4 12h12M12 7l5 5-5 5M20 5v14',
  figures: 'M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6',
  sites: 'M4 10v10h16V10M3 10l2-6h14l2 6zM10 20v-6h4v6',
  keys: 'M8 15a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 11h9v4M17 11v3',
  audit: 'M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM9 12l2 2 4-4',
  language: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c3 3 3 15 0 18-3-3-3-15 0-18z',
  exit: 'M14 4H5v16h9M10 12h11M17 8l4 4-4 4',
  menu: 'M4 6h16M4 12h16M4 18h16',
  close: 'M5 5l14 14M19 5 5 19',
  good: 'M4 12.500 9.500 18 20 6.500',
  bad: 'M12 4v10M12 19h.01',
};

export function Icon({ name }: { name: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name] ?? ''} />
    </svg>
  );
}
