import { createHash, randomBytes, timingSafeEqual } from 'crypto';
import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { orNull } from '../shared/errors';
import { needed, objectIn, textIn } from '../shared/http/response';
import { Exchange } from '../shared/http/exchange';
import { actOnce, askAgain } from '../shared/http/retry';
import type { Ask, List } from '../shared/operation/lists';
import { Failures } from '../shared/pipeline/failures';
import { entriesOf } from './list';
import { doneIn, ezTexting, idIn, isNotFound } from './provider';

/** A callback that is registered at EZ Texting. */
interface Subscription {
	id: string;
	type: string;
	callbackUrl: string;
}

/** What is kept with the workflow while its callbacks are registered. */
export interface Registration {
	/** Stands in the query of the address. */
	token: string;
	/** Signs what comes. */
	secret: string;
	/** By type, the ID of its subscription. */
	ids: Record<string, string>;
}

/** Source: EZ Texting, developer guide "Webhooks". */
const SUBSCRIPTIONS: List<Subscription> = {
	path: '/webhooks/subscriptions',
	entryIn(data) {
		const entry = objectIn(data);
		const id = needed(textIn(entry.id), 'ID of a subscription');
		return { id, type: textIn(entry.type) ?? '', callbackUrl: textIn(entry.callbackUrl) ?? '' };
	},
	idOf: ({ id }) => id,
};

/** What the trigger registers, and takes out again: its own callbacks, and nobody else's. */
export class Subscriptions {
	private constructor(
		private readonly ask: Ask,
		private readonly act: Ask,
		private readonly url: string,
	) {}

	static async open(context: IHookFunctions): Promise<Subscriptions> {
		const credential = await context.getCredentials(ezTexting.credential);
		const exchange = new Exchange(context, ezTexting, credential);
		const failures = new Failures(ezTexting, 'webhook', credential, 'registered the webhook');
		const asking =
			(isRepeated: boolean): Ask =>
			async (request, parse) => {
				const attempt = async () => await exchange.ask(request, parse);
				const evaluation = (await (isRepeated ? askAgain(attempt) : actOnce(attempt)))!;
				if (evaluation.verdict.kind === 'done') return evaluation.verdict.value;
				const { verdict } = evaluation;
				if (!isRepeated && verdict.kind === 'unclear') throw failures.unknown(verdict.why);
				throw failures.ofReading(evaluation, request);
			};
		return new Subscriptions(asking(true), asking(false), context.getNodeWebhookUrl('default')!);
	}

	/** Whether just these types are registered, each once, at the address with its token. */
	async isComplete(types: string[], { token, ids }: Registration): Promise<boolean> {
		const own = await this.own();
		const isRight = ({ id, type, callbackUrl }: Subscription) =>
			types.includes(type) && ids[type] === id && callbackUrl === this.addressWith(token);
		return own.length === types.length && own.every(isRight);
	}

	/** Registers all types anew; what is left of an earlier time, such as before a crash, goes first. */
	async register(types: string[], before: Partial<Registration>): Promise<Registration> {
		await this.remove(before);
		const token = randomBytes(24).toString('base64url');
		const secret = randomBytes(24).toString('base64url');
		const registration: Registration = { token, secret, ids: {} };
		const subscribing = async () => {
			for (const type of types) registration.ids[type] = await this.subscribe(type, registration);
			return registration;
		};
		return await subscribing().catch(async (error: unknown) => {
			// One that came to be without an answer is found by its address.
			await orNull(this.remove(registration));
			throw error;
		});
	}

	/** Takes out those of the address, and those that are known, which an address of before may have had. */
	async remove({ ids = {} }: Partial<Registration>): Promise<void> {
		const troubles: unknown[] = [];
		for (const { id } of await this.own(Object.values(ids))) {
			const path = `${SUBSCRIPTIONS.path}/${encodeURIComponent(id)}`;
			// One that is gone is taken out, as after a first try whose answer was lost.
			await this.ask({ method: 'DELETE', path }, doneIn).catch((error: unknown) => {
				if (!isNotFound(error)) troubles.push(error);
			});
		}
		if (troubles.length > 0) throw troubles[0];
	}

	private async subscribe(type: string, { token, secret }: Registration): Promise<string> {
		const json: IDataObject = { type, callbackUrl: this.addressWith(token), secret };
		return await this.act({ method: 'POST', path: SUBSCRIPTIONS.path, json, secretFields: ['secret'] }, idIn);
	}

	private async own(known: string[] = []): Promise<Subscription[]> {
		const all = await entriesOf(this.ask, SUBSCRIPTIONS, { limit: Infinity });
		return all
			.map(({ value }) => value)
			.filter(({ id, callbackUrl }) => known.includes(id) || callbackUrl.split('?')[0] === this.url);
	}

	private addressWith(token: string): string {
		return `${this.url}?token=${token}`;
	}
}

/** Compares in constant time, however long the two are. */
export function isSame(one: string, other: string): boolean {
	const digest = (text: string) => createHash('sha256').update(text).digest();
	return timingSafeEqual(digest(one), digest(other));
}
