/** How a site's Italian texts address people: `tu` as friends, `lei` formally. Other languages have one way here. */
export const TONES = ['tu', 'lei'] as const;
export type Tone = (typeof TONES)[number];

/** That of a new site, and of a site that was stored before there was this setting. */
export const DEFAULT_TONE: Tone = 'tu';
