import { forgetAbsent } from '../store/chats.ts';
import { eraseAbsent, eraseLate, eraseScheduleOf } from '../store/erase.ts';
import { forgetFormerId } from '../store/former-ids.ts';
import { hasOpenLink } from '../store/links.ts';
import { forgetRateLimit, type RateLimitState } from '../store/rate-limits.ts';
import { findErasedSite, findSite, readSite } from '../store/sites.ts';
import { beginSiteErasure } from '../store/statements.ts';
import { type StoredUser, userFrom } from '../store/stored-user.ts';
import { newUser, type User } from '../store/user.ts';
import { updateUser } from '../store/users.ts';
import { isLost, type RetentionTimes, remainderOf, verdictOn } from './retention-rules.ts';
import { unlink } from './unlink.ts';

/** A bot that has not sent for so long has no limit to remember, in milliseconds. */
const BOT_IDLE = 24 * 3_600_000;

/** What a retention run looks at. */
export type Item =
  | { stage: 'users'; siteId: string; stored: StoredUser }
  | { stage: 'chats'; siteId: string; chatId: number }
  | { stage: 'reminders'; siteId: string }
  | { stage: 'bots'; siteId?: never; state: RateLimitState };

/** Why something was removed. */
export type RemovalReason =
  | 'site-gone'
  | 'unlinked'
  | 'unreachable'
  /** One chat of a user who has others. */
  | 'chat-unreachable'
  | 'former-id'
  /** A chat named a user who does not have it. */
  | 'chat-left-over'
  | 'bot-idle';

/** What one run does with the items. Each decision is made again on the current item, in the write that carries it out. */
export class RetentionActions {
  readonly #times: RetentionTimes;
  /** The sites that are there. Nothing is remembered of those that are gone. */
  readonly #present = new Set<string>();
  /** The gone sites whose schedule is erased. */
  readonly #cleared = new Set<string>();

  constructor(times: RetentionTimes) {
    this.#times = times;
  }

  /** @returns why the item was removed; `undefined` where it stays. @throws ServiceUnreachableError */
  async handle(item: Item): Promise<RemovalReason | undefined> {
    switch (item.stage) {
      case 'users':
        return this.#handleUser(userFrom(item.stored));
      case 'chats':
        return (await forgetAbsent(item, this.#times.now)) > 0 ? 'chat-left-over' : undefined;
      case 'reminders':
        if (await this.#isGone(item.siteId)) await this.#clearSchedule(item.siteId);
        return undefined;
      case 'bots':
        return this.#isIdle(item.state) && (await forgetRateLimit(item.state)) ? 'bot-idle' : undefined;
    }
  }

  async #handleUser(user: User): Promise<RemovalReason | undefined> {
    return (await this.#isGone(user.siteId)) ? this.#eraseOfGoneSite(user) : this.#judge(user);
  }

  /**
   * Whether a site does not exist. Only a strongly consistent read says so, right before something is erased. If DynamoDB
   * can't be read, the error is thrown: a site that can't be read is not gone.
   */
  async #isGone(siteId: string): Promise<boolean> {
    if (this.#present.has(siteId)) return false;
    const site = (await findSite(siteId)) ?? (await readSite(siteId));
    if (site) this.#present.add(siteId);
    else if (!this.#cleared.has(siteId)) await this.#resumeErasure(siteId);
    return site === undefined;
  }

  /** A request to erase the site has died before that was put on record. */
  async #resumeErasure(siteId: string): Promise<void> {
    const left = await findErasedSite(siteId);
    if (left) await beginSiteErasure(siteId, left.erasure.at);
  }

  async #eraseOfGoneSite(user: User): Promise<RemovalReason | undefined> {
    await this.#clearSchedule(user.siteId);
    if (user.renamed) return (await forgetFormerId(user)) ? 'site-gone' : undefined;
    const nothing = ({ version, formerIds }: User) => ({ ...newUser(user), version, formerIds });
    return (await eraseAbsent(user, nothing, this.#times.now)) ? 'site-gone' : undefined;
  }

  /** Once for all its users: to look for each of them there would cost a read of the whole schedule. */
  async #clearSchedule(siteId: string): Promise<void> {
    if (this.#cleared.has(siteId)) return;
    await eraseScheduleOf(siteId);
    this.#cleared.add(siteId);
  }

  async #judge(user: User): Promise<RemovalReason | undefined> {
    const verdict = verdictOn(user, this.#times);
    switch (verdict.kind) {
      case 'keep':
        return undefined;
      case 'forget-former-id':
        return (await forgetFormerId(user)) ? 'former-id' : undefined;
      case 'erase-late':
        await eraseLate(user);
        return undefined;
      case 'count':
        await updateUser(user, (now) => this.#counted(now));
        return undefined;
      case 'unlink':
        await unlink(user, (link) => isLost(link, this.#times), 'unreachable');
        return 'chat-unreachable';
      case 'erase':
        return (await this.#erase(user)) ? verdict.reason : undefined;
    }
  }

  async #erase(user: User): Promise<boolean> {
    // The person is about to come back.
    if (await hasOpenLink(user, this.#times.now)) return false;
    return eraseAbsent(user, (now) => remainderOf(now, this.#times), this.#times.now);
  }

  #counted(user: User): User {
    if (verdictOn(user, this.#times).kind !== 'count') return user;
    return { ...user, unlinked: { reason: 'unknown', since: new Date(this.#times.now).toISOString() } };
  }

  #isIdle({ nextSlot, pausedUntil, chats }: RateLimitState): boolean {
    return Math.max(nextSlot, pausedUntil, ...Object.values(chats)) < this.#times.now - BOT_IDLE;
  }
}
