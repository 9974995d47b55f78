/** What a warm function keeps of the sites that it serves. */
import { expect, test } from '@jest/globals';
import { eventReport } from '../../lib/events/report.ts';
import { definition, site } from './reports.ts';

process.env.LOG_LEVEL = 'off';

test('keeps the schemas of the sites used last, and no more of them', async () => {
  const made: string[] = [];
  const counting = {
    ...definition,
    schema: (link: Parameters<typeof definition.schema>[0]) => {
      made.push('schema');
      return definition.schema(link);
    },
  };
  const { report } = eventReport(counting, async () => ({ notifications: [] }));
  const reportOf = async (number: number) => {
    const before = made.length;
    const payload = { eventId: '1', recipients: [] };
    await report(payload, { ...site, url: `https://shop-${number}.example` }, 'sqs');
    return made.length > before ? 'made' : 'kept';
  };

  for (let number = 0; number < 200; number++) expect(await reportOf(number)).toBe('made');
  expect(await reportOf(0)).toBe('kept');
  expect(await reportOf(200)).toBe('made');
  expect(await reportOf(0)).toBe('kept');
  expect(await reportOf(1)).toBe('made');
});
