/** The characters of a message that the embedded SQS takes. */
import { INVALID_MESSAGE_BODY_CHAR } from '../node_modules/fauxqs/dist/sqs/sqsTypes.js';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
// biome-ignore lint/suspicious/noControlCharactersInRegex: three of them are valid
const INVALID = /[^\x09\x0A\x0D\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** fauxqs (2.4.1) asks this expression, which leaves out emoji and all else above U+FFFF. It has no option for it. */
export function takeAllCharactersOfSqs(): void {
  INVALID_MESSAGE_BODY_CHAR.test = (body) => INVALID.test(body);
}
