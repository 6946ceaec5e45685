import { mkdirSync } from 'node:fs';
import path from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { installN8n } from '../../scripts/installN8n';
import { type Simulator, startSimulator } from '../simulator';

import { simulatorCredentials } from './examples';
import { type CredentialFile, type N8n, type RunningN8n, openN8n } from './n8n';
import { type Credential, type Rest, createCredential, setUpOwner } from './rest';

/** Everything that a test of one n8n needs: it runs, the package is in it, and the providers are simulated. */
export interface Bed {
	simulator: Simulator;
	n8n: N8n;
	main: RunningN8n;
	rest: Rest;
	/** One credential of each type, by type. */
	credentials: Credentials;
	close(): Promise<void>;
}

export type Credentials = Record<
	'click2MailApi' | 'clubTextingApi' | 'ezTextingApi' | 'mailPartnerApi' | 'paymentCardApi',
	Credential
>;

/** The prefix of the package's node types. */
export const packageName = 'n8n-nodes-messaging-credits';

export interface BedOptions {
	version?: '2.41.1' | '1.123.81';
	environment?: Record<string, string>;
	/** Those with one service too, or only the one with all services, which is the default. */
	packages?: 'all' | 'combined';
}

/** @param name names the folder, unique within the test run */
export async function openBed(name: string, options: BedOptions = {}): Promise<Bed> {
	const n8n = await openFolder(name, options);
	const [simulator, main] = await Promise.all([startSimulator({ keepsLogIns: true }), n8n.start()]);
	const rest = await setUpOwner(main.url);
	return {
		simulator,
		n8n,
		main,
		rest,
		credentials: await createCredentials(rest, simulator),
		async close(this: Bed) {
			// A test may have put another one in its place.
			await this.main.stop();
			await simulator.close();
		},
	};
}

/**
 * The bed of a file's tests, opened before them and closed after them. Before each the providers are back at the start;
 * after each, no request may have been other than their documents say.
 */
export function useBed<B extends Bed>(open: () => Promise<B>): B {
	const bed = {} as B;
	beforeAll(async () => void Object.assign(bed, await open()));
	afterAll(async () => await bed.close());
	beforeEach(() => bed.simulator.reset());
	afterEach(() => expect(bed.simulator.mistakes()).toEqual([]));
	return bed;
}

/** A folder of the test run with the packed package in it, and no n8n running yet. */
export async function openFolder(name: string, options: BedOptions = {}): Promise<N8n> {
	const tarballs = fromEnvironment('E2E_TARBALLS').split(path.delimiter);
	if (options.packages !== 'all') tarballs.splice(1);
	const installed = await installN8n(options.version ?? '2.41.1', console.log);
	return openN8n({ installed, folder: newFolder(name), tarballs, environment: options.environment });
}

/** A folder that goes with the test run. */
export function newFolder(name: string): string {
	const folder = path.join(fromEnvironment('E2E_FOLDER'), name);
	mkdirSync(folder);
	return folder;
}

export async function createCredentials(rest: Rest, simulator: Simulator): Promise<Credentials> {
	const files = simulatorCredentials(simulator);
	const create = async ({ type, data, name }: CredentialFile) =>
		await createCredential(rest, type, data as IDataObject, name);
	return {
		click2MailApi: await create(files.click2MailApi),
		clubTextingApi: await create(files.clubTextingApi),
		ezTextingApi: await create(files.ezTextingApi),
		mailPartnerApi: await create(files.mailPartnerApi),
		paymentCardApi: await create(files.paymentCardApi),
	};
}

function fromEnvironment(name: string): string {
	const value = process.env[name];
	if (value === undefined) throw new Error(`${name} is not set: these tests are run by npm run e2e`);
	return value;
}
