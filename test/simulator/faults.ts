import type { ProviderName } from './wire';

/** What every order may say besides the fault itself. */
interface Selection {
	/** Only requests to this provider. */
	provider?: ProviderName;
	/** Only requests of this operation. */
	operation?: string;
	/** How many requests it befalls; 1 unless told, `Infinity` for all. */
	times?: number;
	/** How many matching requests pass before it begins. */
	after?: number;
}

type PlainFault =
	/** Never answered, not acted on. */
	| 'timeoutBefore'
	/** Acted on, never answered. */
	| 'timeoutAfter'
	/** Connection reset, not acted on. */
	| 'resetBefore'
	/** Acted on, connection reset. */
	| 'resetAfter'
	/** Not acted on. */
	| 'status401'
	/** Not acted on. */
	| 'status403'
	/** Acted on, the right status, no body. */
	| 'emptyBody'
	/** Acted on; XML where JSON was asked and the other way round. */
	| 'otherFormat'
	/** HTTP 200 with a page for people; not acted on. */
	| 'htmlPage';

type FaultKind =
	| { fault: PlainFault }
	/** Acted on, half of the body; with `hangUp` the length of the whole is announced and the connection closed. */
	| { fault: 'truncatedBody'; hangUp?: boolean }
	/** Acted on; a success reply lacks `keys` (unless told, those without which it says nothing). */
	| { fault: 'withoutId'; keys?: string[] }
	/** Not acted on. `retryAfter`: seconds, or an HTTP date as text. */
	| { fault: 'status429' | 'status503'; retryAfter?: number | string }
	/** Acted on unless `processed` is false. */
	| { fault: 'status500' | 'status502Html'; processed?: boolean }
	/** Not acted on; the provider's own refusal in an HTTP 200. */
	| { fault: 'refusalIn200'; text?: string; code?: number }
	/** Not acted on; the place it points to is recorded as operation `redirected`. */
	| { fault: 'redirect'; status?: 301 | 302 | 303 | 307 | 308 }
	/** Acted on, a valid reply with megabytes of padding. */
	| { fault: 'oversizedReply'; megabytes?: number }
	/** Acted on at once, answered late. */
	| { fault: 'slowReply'; delayMs?: number }
	/** Not acted on; a refusal whose text repeats every value of the request. */
	| { fault: 'echoSecrets'; status?: number }
	/** This reply word for word; acted on only with `processed`. */
	| { fault: 'body'; body: string; status?: number; contentType?: string; processed?: boolean };

export type Fault = Selection & FaultKind;
export type FaultName = Fault['fault'];

const knownFaults: Record<FaultName, true> = {
	timeoutBefore: true,
	timeoutAfter: true,
	resetBefore: true,
	resetAfter: true,
	status401: true,
	status403: true,
	status429: true,
	status500: true,
	status502Html: true,
	status503: true,
	emptyBody: true,
	truncatedBody: true,
	otherFormat: true,
	withoutId: true,
	refusalIn200: true,
	redirect: true,
	oversizedReply: true,
	slowReply: true,
	echoSecrets: true,
	htmlPage: true,
	body: true,
};

/** The names of all faults that can be ordered. */
export const faultNames = Object.keys(knownFaults) as FaultName[];

/** Whether something that came over HTTP is an order for a fault. */
export function isFault(value: unknown): value is Fault {
	if (typeof value !== 'object' || value === null || !('fault' in value)) return false;
	if (typeof value.fault !== 'string' || !Object.hasOwn(knownFaults, value.fault)) return false;
	return value.fault !== 'body' || ('body' in value && typeof value.body === 'string');
}

/** The faults on order. The oldest order that matches a request befalls it. */
export interface FaultOrders {
	order(fault: Fault): void;
	take(provider: ProviderName, operation: string): Fault | null;
	clear(): void;
}

export function openFaultOrders(): FaultOrders {
	let orders: Array<{ fault: Fault; toPass: number; left: number }> = [];

	return {
		order(fault) {
			orders.push({ fault, toPass: fault.after ?? 0, left: fault.times ?? 1 });
		},

		take(provider, operation) {
			const matching = orders.filter(
				({ fault }) =>
					[undefined, provider].includes(fault.provider) && [undefined, operation].includes(fault.operation),
			);
			for (const order of matching) {
				if (order.toPass > 0) {
					order.toPass--;
					continue;
				}
				order.left--;
				orders = orders.filter(({ left }) => left > 0);
				return order.fault;
			}
			return null;
		},

		clear() {
			orders = [];
		},
	};
}
