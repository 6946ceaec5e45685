import { createHash, randomBytes, timingSafeEqual } from 'crypto';
import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { orNull } from '../shared/errors';
import { needed, objectIn, textIn } from '../shared/http/response';
import { Exchange } from '../shared/http/exchange';
import { actOnce, askAgain } from '../shared/http/retry';
import type { Ask, List } from '../shared/operation/lists';
import { Failures } from '../shared/pipeline/failures';
import type { Provider } from '../shared/provider';
import { entriesOf } from './list';
import { doneIn, ezTexting, idIn, isNotFound } from './provider';

/** A callback that is registered at EZ Texting. */
type Subscription = ReturnType<typeof subscriptionIn>;

/** What is kept with the workflow while its callbacks are registered. */
export interface Registration {
	/** Stands in the query of the address, and tells its subscriptions from all others. */
	token: string;
	/** Signs what comes. */
	secret: string;
}

/** @throws UnrecognisedReply without an ID */
function subscriptionIn(data: unknown) {
	const entry = objectIn(data);
	const id = needed(textIn(entry.id), 'ID of a subscription');
	return { id, type: textIn(entry.type) ?? '', callbackUrl: textIn(entry.callbackUrl) ?? '' };
}

/** Source: EZ Texting, developer guide "Webhooks". */
const SUBSCRIPTIONS: List<Subscription> = {
	path: '/webhooks/subscriptions',
	entryIn: subscriptionIn,
	idOf: ({ id }) => id,
};

/** What the trigger registers, and takes out again: its own callbacks, and nobody else's. */
export class Subscriptions {
	private constructor(
		private readonly ask: Ask,
		private readonly act: Ask,
		private readonly url: string,
		private readonly fresh: Registration,
	) {}

	static async open(context: IHookFunctions): Promise<Subscriptions> {
		const credential = await context.getCredentials(ezTexting.credential);
		const fresh = { token: drawn(), secret: drawn() };
		// An error may repeat what was sent.
		const secrets: Provider['secrets'] = (given) => [...ezTexting.secrets(given), fresh.token, fresh.secret];
		const exchange = new Exchange(context, { ...ezTexting, secrets }, credential);
		const failures = new Failures(ezTexting, 'webhook', credential, 'registered the webhook');
		const asking =
			(isRepeated: boolean): Ask =>
			async (request, parse) => {
				// Nothing of it is shown: an address in which the password stands is still the address.
				const attempt = async () => await exchange.send(request, parse);
				const evaluation = (await (isRepeated ? askAgain(attempt) : actOnce(attempt)))!;
				if (evaluation.verdict.kind === 'done') return evaluation.verdict.value;
				const { verdict } = evaluation;
				if (!isRepeated && verdict.kind === 'unclear') throw failures.unknown(verdict.why);
				throw failures.ofReading(evaluation, request);
			};
		const url = context.getNodeWebhookUrl('default')!;
		return new Subscriptions(asking(true), asking(false), url, fresh);
	}

	/** Whether just these types are registered, each once, at the address with its token. */
	async isComplete(types: string[], { token }: Registration): Promise<boolean> {
		const own = await this.own(token);
		const right = own.filter(({ type, callbackUrl }) => callbackUrl === this.addressWith(token, type));
		const found = new Set(right.map(({ type }) => type));
		return own.length === types.length && types.every((type) => found.has(type));
	}

	/** Registers all types anew; what is left of an earlier time, such as before a crash, goes first. */
	async register(types: string[], before: Registration | undefined): Promise<Registration> {
		await this.remove(before);
		const { fresh } = this;
		const subscribing = async () => {
			for (const type of types) await this.subscribe(type, fresh);
			return fresh;
		};
		return await subscribing().catch(async (error: unknown) => {
			// One that came to be without an answer is found by its address.
			await orNull(this.remove(fresh));
			throw error;
		});
	}

	/** Takes out those of the address, and those with the token that is known, which an address of before may have had. */
	async remove(known: Registration | undefined): Promise<void> {
		const troubles: unknown[] = [];
		for (const { id } of await this.own(known?.token)) {
			const path = `${SUBSCRIPTIONS.path}/${encodeURIComponent(id)}`;
			// One that is gone is taken out, as after a first try whose answer was lost.
			await this.ask({ method: 'DELETE', path }, doneIn).catch((error: unknown) => {
				if (!isNotFound(error)) troubles.push(error);
			});
		}
		if (troubles.length > 0) throw troubles[0];
	}

	private async subscribe(type: string, { token, secret }: Registration): Promise<void> {
		const json: IDataObject = { type, callbackUrl: this.addressWith(token, type), secret };
		const secretFields = ['callbackUrl', 'secret'];
		await this.act({ method: 'POST', path: SUBSCRIPTIONS.path, json, secretFields }, idIn);
	}

	private async own(token: string | undefined): Promise<Subscription[]> {
		const all = await entriesOf(this.ask, SUBSCRIPTIONS, { limit: Infinity });
		return all
			.map(({ value }) => value)
			.filter(({ callbackUrl }) => {
				const [address, query] = callbackUrl.split('?');
				const isKnown = token !== undefined && new URLSearchParams(query).get('token') === token;
				return address === this.url || isKnown;
			});
	}

	/** What comes there is of the type, also where it does not say so itself. */
	private addressWith(token: string, type: string): string {
		return `${this.url}?type=${type}&token=${token}`;
	}
}

/** What nobody can guess. */
function drawn(): string {
	return randomBytes(24).toString('base64url');
}

/** Compares in constant time, however long the two are. */
export function isSame(one: string, other: string): boolean {
	const digest = (text: string) => createHash('sha256').update(text).digest();
	return timingSafeEqual(digest(one), digest(other));
}
