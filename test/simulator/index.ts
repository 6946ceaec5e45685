import express from 'express';

import { mergeIntoBooks, writeBooks } from './books';
import type { Click2MailBooks } from './click2Mail';
import { click2Mail, openClick2MailBooks } from './click2Mail';
import type { ClubTextingBooks } from './clubTexting';
import { clubTexting, openClubTextingBooks } from './clubTexting';
import type { EzTextingBooks } from './ezTexting';
import { ezTexting, openEzTextingBooks } from './ezTexting';
import type { Fault } from './faults';
import { faultNames, isFault, openFaultOrders } from './faults';
import type { MailPartnerBooks } from './mailPartner';
import { mailPartner, openMailPartnerBooks } from './mailPartner';
import { startServer, type Watch } from './server';
import type { ProviderName, RecordedRequest } from './wire';

export { cards } from './cards';
export type { CardData } from './cards';
export type { Click2MailBooks } from './click2Mail';
export { LETTER } from './click2MailMail';
export type { ClubTextingBooks, Keyword } from './clubTexting';
export { contactOf, incomingOf } from './clubTextingLists';
export type { Contact, IncomingMessage } from './clubTextingLists';
export type { EzTextingBooks } from './ezTexting';
export { ezTextingContact } from './ezTextingContacts';
export { callbackOf } from './ezTextingWebhooks';
export type { Signature, Subscription } from './ezTextingWebhooks';
export { faultNames } from './faults';
export type { Fault, FaultName } from './faults';
export { subaccount } from './mailPartner';
export type { MailPartnerBooks, Subaccount } from './mailPartner';
export type { Pair, ProviderName, RecordedRequest } from './wire';

export type Click2MailCredentials = {
	environment: 'custom';
	baseUrl: string;
	username: string;
	password: string;
};
export type ClubTextingCredentials = {
	environment: 'custom';
	baseUrl: string;
	username: string;
	password: string;
	country: 'us' | 'ca';
};
export type EzTextingCredentials = {
	environment: 'custom';
	baseUrl: string;
	username: string;
	password: string;
};
export type MailPartnerCredentials = { environment: 'custom'; baseUrl: string; apiKey: string };

/** One provider: where it is, how to log in, and its books, which a test may read and change at any time. */
export interface SimulatedProvider<Credentials, Books> {
	baseUrl: string;
	/** Data for the provider's n8n credential type. */
	credentials: Credentials;
	books: Books;
}

export interface Simulator {
	/** Such as `http://127.0.0.1:40123`. */
	url: string;
	click2mail: SimulatedProvider<Click2MailCredentials, Click2MailBooks>;
	clubTexting: SimulatedProvider<ClubTextingCredentials, ClubTextingBooks>;
	ezTexting: SimulatedProvider<EzTextingCredentials, EzTextingBooks>;
	mailPartner: SimulatedProvider<MailPartnerCredentials, MailPartnerBooks>;
	/** Every request as it arrived, oldest first. */
	requests: RecordedRequest[];
	/** The requests that no document of a provider describes; empty when the client is right. */
	mistakes(): string[];
	order(fault: Fault): void;
	/** Drops every fault that is still on order. */
	lift(): void;
	/** Back to the start: books, faults, requests; what still hangs is dropped. */
	reset(): void;
	close(): Promise<void>;
}

export interface SimulatorOptions {
	/** 0, the default, takes any free port. */
	port?: number;
	/** False leaves `requests` empty, for runs of very many. */
	record?: boolean;
	watch?: Watch;
	/**
	 * Whether log-ins stay the same over resets, as whoever has stored them needs it; each time EZ Texting's account is another
	 * one otherwise, whose requests nobody has counted.
	 */
	keepsLogIns?: boolean;
}

/** Starts the providers on one loopback HTTP server. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const books = {
		click2mail: openClick2MailBooks(),
		clubTexting: openClubTextingBooks(),
		ezTexting: openEzTextingBooks(),
		mailPartner: openMailPartnerBooks(),
	};
	const faults = openFaultOrders();
	const baseUrl = (path: string) => `${server.url}${path}`;
	const providers = [
		click2Mail(books.click2mail, () => baseUrl('/click2mail/molpro')),
		clubTexting(books.clubTexting),
		ezTexting(books.ezTexting),
		mailPartner(books.mailPartner),
	];

	function reset(): void {
		Object.assign(books.click2mail, openClick2MailBooks());
		Object.assign(books.clubTexting, openClubTextingBooks());
		const { username } = books.ezTexting;
		Object.assign(books.ezTexting, openEzTextingBooks(), options.keepsLogIns && { username });
		Object.assign(books.mailPartner, openMailPartnerBooks());
		faults.clear();
		server.requests.length = 0;
		server.dropUnanswered();
		for (const provider of providers) provider.forget?.();
	}

	const control = express.Router();
	control.get('/', (_req, res) => void res.type('text').send(controlHelp));
	control.get('/books', (_req, res) => void res.type('json').send(writeBooks(books)));
	control.post('/books', (req, res) => {
		const trouble = mergeIntoBooks(books, readJson(req.body));
		if (trouble !== null) return void res.status(422).json({ error: trouble });
		res.type('json').send(writeBooks(books));
	});
	control.get('/requests', (_req, res) => void res.json(server.requests));
	control.post('/faults', (req, res) => {
		const fault = readJson(req.body);
		if (!isFault(fault)) return void res.status(422).json({ error: 'No such fault', known: faultNames });
		faults.order(fault);
		res.json({ ordered: fault });
	});
	control.post('/reset', (_req, res) => {
		reset();
		res.json({ reset: true });
	});

	const server = await startServer({
		providers,
		faults,
		port: options.port ?? 0,
		record: options.record ?? true,
		control,
		watch: options.watch,
	});

	const { password } = books.ezTexting;
	return {
		url: server.url,
		click2mail: {
			baseUrl: baseUrl('/click2mail/molpro'),
			credentials: {
				environment: 'custom',
				baseUrl: baseUrl('/click2mail/molpro'),
				username: books.click2mail.username,
				password: books.click2mail.password,
			},
			books: books.click2mail,
		},
		clubTexting: {
			baseUrl: baseUrl('/clubtexting'),
			credentials: {
				environment: 'custom',
				baseUrl: baseUrl('/clubtexting'),
				username: books.clubTexting.username,
				password: books.clubTexting.password,
				country: books.clubTexting.country,
			},
			books: books.clubTexting,
		},
		ezTexting: {
			baseUrl: baseUrl('/eztexting/v1'),
			// The user name is another one after a reset.
			get credentials() {
				const { username } = books.ezTexting;
				return { environment: 'custom' as const, baseUrl: baseUrl('/eztexting/v1'), username, password };
			},
			books: books.ezTexting,
		},
		mailPartner: {
			baseUrl: baseUrl('/mailpartner/v1'),
			credentials: {
				environment: 'custom',
				baseUrl: baseUrl('/mailpartner/v1'),
				apiKey: books.mailPartner.apiKey,
			},
			books: books.mailPartner,
		},
		requests: server.requests,
		mistakes: () =>
			server.requests.flatMap((request) =>
				request.mistake === null ? [] : [`${request.provider} ${request.operation}: ${request.mistake}`],
			),
		order: (fault) => faults.order(fault),
		lift: () => faults.clear(),
		reset,
		close: () => server.close(),
	};
}

/** The most requests that arrived within any stretch of so many milliseconds. */
export function mostRequestsWithin(
	span: number,
	requests: RecordedRequest[],
	provider?: ProviderName,
): number {
	const times = requests
		.filter((request) => provider === undefined || request.provider === provider)
		.map(({ arrivedAt }) => arrivedAt)
		.sort((a, b) => a - b);
	let first = 0;
	let most = 0;
	times.forEach((time, last) => {
		while (first < last && times[first]! <= time - span) first++;
		most = Math.max(most, last - first + 1);
	});
	return most;
}

function readJson(body: unknown): unknown {
	try {
		return JSON.parse(String(body));
	} catch {
		return undefined;
	}
}

const controlHelp = `GET  /books      what the providers' books say
POST /books      change them: {"click2mail": {"balance": 5}}
GET  /requests   every request as it arrived
POST /faults     order a fault: {"fault": "timeoutAfter", "provider": "clubTexting", "operation": "send"}
POST /reset      back to the start

Faults: ${faultNames.join(', ')}
`;
