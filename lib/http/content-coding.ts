/**
 * Which coding of an answer a caller takes: `Accept-Encoding`, RFC 9110, section 12.5.3. Of a weight only whether it is zero
 * counts: the order is ours, the smallest first.
 *
 * @returns `undefined`: as it is.
 */
export function preferredCoding<const Coding extends string>(
  header: string | undefined,
  offered: readonly Coding[],
): Coding | undefined {
  const parts = (header ?? '').split(',').map((part) => part.trim().toLowerCase());
  const taken = new Map(
    parts.map((part) => {
      const [coding = '', ...parameters] = part.split(/\s*;\s*/);
      return [
        coding.replace(/^x-/, ''),
        !parameters.some((parameter) => /^q\s*=\s*0(?:\.0*)?$/.test(parameter)),
      ];
    }),
  );
  return offered.find((coding) => taken.get(coding) ?? taken.get('*'));
}
