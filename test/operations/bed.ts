import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { Engine, RunNodeOptions, RunResult } from '../engine';
import { credentialsFor, nodeTypes, openEngine } from '../scenes';
import {
	startSimulator,
	type Pair,
	type ProviderName,
	type RecordedRequest,
	type Simulator,
} from '../simulator';

/** n8n's engine and the three providers, for one test file. */
export interface Bed {
	simulator: Simulator;
	/** A new one for every test. */
	engine: Engine;
	/** Runs one node over items, with the right credentials. */
	run(
		provider: ProviderName,
		parameters: INodeParameters,
		items: IDataObject[],
		options?: RunNodeOptions,
	): Promise<RunResult>;
}

/**
 * Opens the bed before the tests of a file and closes it after them. Before each test the providers are back at the
 * start; after each, no request may have been other than their documents say.
 */
export function openBed(): Bed {
	const bed: Partial<Bed> = {
		run: async (provider, parameters, items, options) =>
			await bed.engine!.runNode(nodeTypes[provider], parameters, {
				credentials: credentialsFor(bed.simulator!),
				items,
				...options,
			}),
	};
	beforeAll(async () => void (bed.simulator = await startSimulator()));
	beforeEach(() => {
		bed.simulator!.reset();
		bed.engine = openEngine();
	});
	afterEach(() => expect(bed.simulator!.mistakes()).toEqual([]));
	afterAll(async () => await bed.simulator!.close());
	return bed as Bed;
}

/** The items of a branch, where no item failed in a way that stopped the node. */
export function itemsOf(result: RunResult, branch = 0): IDataObject[] {
	expect(result.error?.message).toBeUndefined();
	return result.output(undefined, branch).map(({ json }) => json);
}

/** To which input items the items of a branch belong. */
export function pairs(result: RunResult, branch = 0): unknown[] {
	return result.output(undefined, branch).map(({ pairedItem }) => pairedItem);
}

/** The requests, each as method, path and query without the log-in. */
export function lines(requests: RecordedRequest[]): string[] {
	const isLogin = ([name]: Pair) => ['User', 'Password', 'apiKey'].includes(name);
	return requests.map(({ method, path, query }) => {
		const shown = new URLSearchParams(query.filter((pair) => !isLogin(pair))).toString();
		return `${method} ${path}${shown && `?${shown}`}`;
	});
}

export const formsOf = (requests: RecordedRequest[]) => requests.map(({ form }) => form);
