import type { BooksChange, PlainBooks } from './books';
import type { Fault } from './faults';
import type { RecordedRequest } from './wire';

/** A simulator that runs in another process, such as `npm run simulator`. */
export interface RemoteSimulator {
	books(): Promise<PlainBooks>;
	change(books: BooksChange): Promise<PlainBooks>;
	requests(): Promise<RecordedRequest[]>;
	order(fault: Fault): Promise<void>;
	reset(): Promise<void>;
}

/** Speaks to a running simulator over HTTP. `url` as the simulator prints it. */
export function remoteSimulator(url: string): RemoteSimulator {
	async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
		const response = await fetch(`${url}${path}`, {
			method,
			...(body === undefined
				? {}
				: { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
		});
		if (!response.ok) throw new Error(`Simulator: ${method} ${path}: ${await response.text()}`);
		return (await response.json()) as T;
	}

	return {
		books: () => call('GET', '/books'),
		change: (books) => call('POST', '/books', books),
		requests: () => call('GET', '/requests'),
		async order(fault) {
			// JSON has no Infinity.
			const times = fault.times === Infinity ? Number.MAX_SAFE_INTEGER : fault.times;
			await call('POST', '/faults', { ...fault, times });
		},
		async reset() {
			await call('POST', '/reset', {});
		},
	};
}
