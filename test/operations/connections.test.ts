import { sleep } from 'n8n-workflow';
import { clubTexting } from '../../nodes/ClubTexting/provider';
import { mailPartner } from '../../nodes/MailPartnerSubaccount/provider';
import { invalid } from '../../nodes/shared/errors';
import { openDeadline } from '../../nodes/shared/http/deadline';
import { interruptionOf } from '../../nodes/shared/http/networkError';
import { send } from '../../nodes/shared/http/request';
import { evaluate } from '../../nodes/shared/http/evaluate';
import { Failures } from '../../nodes/shared/pipeline/failures';
import { actOnce, askAgain, retryAfter } from '../../nodes/shared/http/retry';
import { redactorOf } from '../../nodes/shared/redact';
import { itemsOf, openBench } from '../harness';
import { credentialsFor, openEngine, play, scenes } from '../scenes';

const redact = redactorOf(['the-pooh']);
const reply = (status: number, text: string, headers: Record<string, string> = {}) => ({
	status,
	headers,
	text,
});

describe('a connection that fails', () => {
	const nothing = 'the request has not left';
	const something = 'the request may have left';

	test.each([
		['ECONNREFUSED', nothing, 'the connection was refused'],
		['ENOTFOUND', nothing, 'the host name was not found'],
		['EAI_AGAIN', nothing, 'the host name could not be looked up'],
		['ERR_INVALID_URL', nothing, 'the address is not a URL'],
		['CERT_NOT_YET_VALID', nothing, 'the certificate of the host is not valid yet'],
		['UND_ERR_CONNECT_TIMEOUT', nothing, 'the host could not be reached in time'],
		['CERT_HAS_EXPIRED', nothing, 'the certificate of the host has expired'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', nothing, 'the certificate of the host is self-signed'],
		['SELF_SIGNED_CERT_IN_CHAIN', nothing, 'the certificate of the host is self-signed'],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', nothing, 'the certificate of the host could not be verified'],
		['UNABLE_TO_GET_ISSUER_CERT', nothing, 'the certificate of the host could not be verified'],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', nothing, 'the certificate of the host could not be verified'],
		['ERR_TLS_CERT_ALTNAME_INVALID', nothing, 'the certificate is not that of the host'],
		['ERR_TLS_HANDSHAKE_TIMEOUT', nothing, 'no secure connection could be made'],
		['ECONNABORTED', something, 'no answer came within 1.5 s'],
		['ETIMEDOUT', something, 'no answer came within 1.5 s'],
		['ERR_CANCELED', something, 'the execution was cancelled before an answer came'],
		['ECONNRESET', something, 'the connection broke before an answer came'],
		['EPIPE', something, 'the connection broke before an answer came'],
		['EHOSTUNREACH', something, 'the connection broke before an answer came'],
		['toString', something, 'the connection broke before an answer came'],
	])('%s: %s', (code, whether, why) => {
		const errors = [
			{ code },
			{ httpCode: code },
			{ name: 'NodeApiError', cause: { message: 'wrapped', cause: { code } } },
			{ name: 'NodeApiError', errorResponse: { code } },
		];
		for (const error of errors) {
			expect(interruptionOf(error, 1500)).toEqual({
				hasLeft: whether === something,
				why,
				...(/CERT|TLS|SIGNATURE/.test(code) && { obstacle: 'untrusted' }),
			});
		}
	});

	test.each([
		...['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ETIMEDOUT', 'ECONNRESET', 'EPERM', 'EMFILE'].map(
			(code) => [code, 'connect'],
		),
		...['EAI_FAIL', 'EAI_MEMORY', undefined].map((code) => [code, 'getaddrinfo']),
	])('%s, to %s: nothing has left', (code, syscall) => {
		const error = { cause: { code, syscall } };
		expect(interruptionOf(error, 1500)).toMatchObject({
			hasLeft: false,
			why: 'the host could not be reached',
		});
	});

	test.each(['ETIMEDOUT', 'ENETUNREACH', undefined])(
		'%s at several addresses of one host: nothing has left',
		(code) => {
			const errors = ['ETIMEDOUT', 'ENETUNREACH'].map((each) => ({ code: each, syscall: 'connect' }));
			const error = { name: 'NodeApiError', cause: { cause: { name: 'AggregateError', code, errors } } };
			expect(interruptionOf(error, 1500)).toMatchObject({
				hasLeft: false,
				why: 'the host could not be reached',
			});
		},
	);

	test.each(['ECONNREFUSED', 'ETIMEDOUT', undefined])(
		'%s at one address, and a connection that broke at another: something may have left',
		(code) => {
			const errors = [
				{ code: 'ECONNREFUSED', syscall: 'connect' },
				{ code: 'ECONNRESET', syscall: 'read' },
			];
			const error = { cause: { name: 'AggregateError', errors: [{ code, syscall: 'connect' }, ...errors] } };
			expect(interruptionOf(error, 1500)).toMatchObject({ hasLeft: true });
		},
	);

	test.each([
		['write EPROTO 40F7:error:0A00010B:SSL routines:ssl3_get_record:wrong version number', 'EPROTO'],
		['final_renegotiate:unsafe legacy renegotiation disabled', 'EPROTO'],
		['ssl3_read_bytes:tlsv1 unrecognized name:SSL alert number 112', 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME'],
		['tls_process_ske_dhe:dh key too small', 'ERR_SSL_DH_KEY_TOO_SMALL'],
		['ssl3_get_record:packet length too long', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'],
		['Client network socket disconnected before secure TLS connection was established', 'ECONNRESET'],
	])('“%s”: nothing has left', (message, code) => {
		const error = { name: 'NodeApiError', cause: { code, message } };
		expect(interruptionOf(error, 1500)).toEqual({
			hasLeft: false,
			why: 'the host does not offer a secure connection (https) at this address',
			obstacle: 'untrusted',
		});
	});

	test('a secure connection that breaks after it stood: something may have left', () => {
		const error = { code: 'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC', message: 'bad record mac' };
		expect(interruptionOf(error, 1500)).toMatchObject({ hasLeft: true });
	});

	test('an address that n8n does not allow: nothing has left', () => {
		expect(interruptionOf({ cause: { name: 'SSRFBlockedError' } }, 1500)).toEqual({
			hasLeft: false,
			why: 'n8n’s SSRF protection does not allow this address',
			obstacle: 'notAllowed',
		});
	});

	test.each([
		[8, false],
		[9, true],
	])('an error of %i, each the cause of the one before: looked at are eight', (length, hasLeft) => {
		let error: object = { code: 'ECONNREFUSED' };
		for (let more = length - 1; more > 0; more--) error = { cause: error };
		expect(interruptionOf(error, 1500)).toMatchObject({ hasLeft });
	});

	test('a log-in that was not added, because the request goes elsewhere: nothing has left', () => {
		const refused = invalid('Base URL', 'is not https');
		expect(interruptionOf({ name: 'NodeApiError', cause: refused }, 1500)).toEqual({
			hasLeft: false,
			why: refused.message,
		});
	});

	test.each([[undefined], [null], ['gone'], [new Error('gone')]])(
		'anything else may have left: %p',
		(error) => {
			expect(interruptionOf(error, 1500)).toMatchObject({ hasLeft: true });
		},
	);
});

describe('a request is given up', () => {
	const LONG = 60_000;
	const stateOf = ({ signal, hasPassed }: ReturnType<typeof openDeadline>) => [signal.aborted, hasPassed];

	test.each([undefined, new AbortController().signal])('when its time is over', async (cancelled) => {
		const deadline = openDeadline(1, cancelled);
		expect(stateOf(deadline)).toEqual([false, false]);
		await sleep(50);
		expect(stateOf(deadline)).toEqual([true, true]);
	});

	test('when the execution is cancelled, or was', () => {
		const cancelled = new AbortController();
		const deadline = openDeadline(LONG, cancelled.signal);
		cancelled.abort();
		expect(stateOf(deadline)).toEqual([true, false]);
		expect(stateOf(openDeadline(LONG, cancelled.signal))).toEqual([true, false]);
	});

	test('by hand, and not once it is over', async () => {
		const cancelled = new AbortController();
		const [byHand, over] = [openDeadline(LONG), openDeadline(1, cancelled.signal)];
		byHand.giveUp();
		expect(stateOf(byHand)).toEqual([true, false]);
		over.close();
		await sleep(50);
		cancelled.abort();
		expect(stateOf(over)).toEqual([false, true]);
	});
});

test.each([
	['<credit/>', '<credit/>'],
	[undefined, ''],
	[null, ''],
	[{ success: true }, '{"success":true}'],
])('a body %j is read as the text %j', async (body, text) => {
	const full = { statusCode: 200, headers: { 'Retry-After': '5' }, body };
	const context = { helpers: { httpRequestWithAuthentication: async () => await Promise.resolve(full) } };
	expect(await send(context as never, mailPartner, {}, { url: '' })).toEqual({
		status: 200,
		headers: { 'retry-after': '5' },
		text,
	});
});

describe('Retry-After', () => {
	const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();

	test.each([
		['none', {}, 700],
		['empty', { 'retry-after': ' ' }, 700],
		['seconds', { 'retry-after': '5' }, 5000],
		['no wait', { 'retry-after': '0' }, 0],
		['more than is granted', { 'retry-after': '3600' }, 30_000],
		['seconds and a part of one', { 'retry-after': '5.5' }, 5500],
		['seconds without end', { 'retry-after': '9'.repeat(400) }, 30_000],
		['neither seconds nor a date', { 'retry-after': 'soon' }, 700],
		['seconds and something else', { 'retry-after': '10;' }, 700],
		['words and seconds', { 'retry-after': 'retry 120' }, 700],
		['a date that has passed', { 'retry-after': 'Fri, 10 Jun 2011 17:03:19 GMT' }, 700],
		['a date far off', { 'retry-after': 'Fri, 10 Jun 2111 17:03:19 GMT' }, 30_000],
	])('%s', (_case, headers, ms) => {
		expect(retryAfter(reply(503, '', headers), 700)).toBe(ms);
	});

	test('a date', () => {
		const ms = retryAfter(reply(503, '', { 'retry-after': inSeconds(10) }), 700);
		expect(ms).toBeGreaterThan(8000);
		expect(ms).toBeLessThanOrEqual(10_000);
	});
});

describe('an answer that may be asked for again', () => {
	const evaluated = (result: Parameters<typeof evaluate>[1]) =>
		evaluate(clubTexting, result, () => 'found', redact);
	const noWait = { 'retry-after': '0' };
	const answers = {
		done: evaluated(reply(200, '{"Response":{"Status":"Success","Code":200}}')),
		refused: evaluated(reply(403, '{"Response":{"Status":"Failure","Code":403}}')),
		notProcessed: evaluated(reply(503, '', noWait)),
		unclear: evaluated(reply(500, '', noWait)),
		notSent: evaluated({ hasLeft: false, why: 'no' }),
	};
	type Kind = keyof typeof answers;
	const tried = async (repeat: typeof askAgain, kinds: Kind[], signal?: AbortSignal) => {
		const left = [...kinds];
		const last = await repeat(async () => await Promise.resolve(answers[left.shift()!]), signal);
		return { kind: last?.verdict.kind, left };
	};

	test('of a reading: until it is clear, up to twice', async () => {
		expect(await tried(askAgain, ['unclear', 'notProcessed', 'done'])).toEqual({ kind: 'done', left: [] });
		expect(await tried(askAgain, ['unclear', 'unclear', 'unclear', 'done'])).toEqual({
			kind: 'unclear',
			left: ['done'],
		});
		expect(await tried(askAgain, ['refused', 'done'])).toEqual({ kind: 'refused', left: ['done'] });
	});

	test('of an act: once, where it was not processed, and never otherwise', async () => {
		expect(await tried(actOnce, ['notProcessed', 'done'])).toEqual({ kind: 'done', left: [] });
		expect(await tried(actOnce, ['notProcessed', 'notProcessed', 'done'])).toEqual({
			kind: 'notProcessed',
			left: ['done'],
		});
		for (const kind of ['unclear', 'refused', 'notSent'] as const) {
			expect(await tried(actOnce, [kind, 'done'])).toEqual({ kind, left: ['done'] });
		}
	});

	test('of an act: as soon as the provider says, whatever Retry-After says', async () => {
		const { response } = evaluated(reply(503, '', { 'retry-after': '30' }));
		const first = { verdict: { kind: 'notProcessed', message: '', wait: 0 } as const, response };
		const left = [first, answers.done];
		const attempt = async () => await Promise.resolve(left.shift());
		expect(await actOnce(attempt, AbortSignal.timeout(1000))).toBe(answers.done);
	});

	test('is not asked for again once the execution is cancelled', async () => {
		for (const repeat of [askAgain, actOnce]) {
			expect(await tried(repeat, ['notProcessed', 'done'], AbortSignal.abort())).toEqual({
				kind: 'notProcessed',
				left: ['done'],
			});
		}
	});
});

describe('what comes from outside', () => {
	const judged = (status: number, body: object, parse: (data: unknown) => unknown = (data) => data) =>
		evaluate(mailPartner, reply(status, JSON.stringify(body)), parse, redact).verdict;

	test('is worked with as it came, and told without secrets', () => {
		const body = { success: true, code: 200, a: 'the-pooh', b: 5 };
		expect(judged(200, body)).toEqual({ kind: 'done', value: body });
		expect(judged(200, { success: false, code: 7, message: 'the-pooh' })).toEqual({
			kind: 'refused',
			message: '***',
			code: '7',
			affects: 'item',
		});
		expect(judged(429, {})).toEqual({
			kind: 'notProcessed',
			message: 'too many requests at the moment (HTTP 429)',
		});
	});

	test.each([
		['739', '739'],
		['123456789', '123456789'],
		['4111111111', '***'],
		['739 ', '*** '],
		[' 739', ' ***'],
		['NO739', 'NO739'],
		['x'.repeat(61), `${'x'.repeat(59)}…`],
	])('is a code: %j', (code, told) => {
		const classify = () => ({ kind: 'refused', message: '', code }) as const;
		const redactor = redactorOf(['739', '4111111111']);
		expect(evaluate({ ...mailPartner, classify }, reply(200, ''), (data) => data, redactor).verdict).toEqual({
			kind: 'refused',
			message: '',
			code: told,
		});
	});

	test('is nothing: whether something has left is all that is known', () => {
		const judgedAs = (hasLeft: boolean) =>
			evaluate(mailPartner, { hasLeft, why: 'gone' }, (data) => data, redact);
		const response = undefined;
		expect(judgedAs(true)).toEqual({ verdict: { kind: 'unclear', why: 'gone' }, response });
		expect(judgedAs(false)).toEqual({ verdict: { kind: 'notSent', why: 'gone' }, response });
	});

	test('is no success where it can’t be understood', () => {
		const parse = () => {
			throw new TypeError('not a function');
		};
		expect(judged(200, { success: true, code: 200 }, parse)).toEqual({
			kind: 'unclear',
			why: 'the reply could not be understood',
		});
	});
});

test.each([
	['an error', new RangeError('out of range'), 'The node stopped unexpectedly: out of range'],
	['a text', 'gone', 'The node stopped unexpectedly: gone'],
])('%s that nobody expected leaves open what happened', (_case, error, message) => {
	expect(new Failures(clubTexting, 'message.send').of(error)).toMatchObject({
		outcome: 'unknown',
		message,
		facts: { provider: 'Club Texting', operation: 'message.send', affects: 'item' },
	});
});

describe('a host that can’t be reached', () => {
	const bench = openBench();
	const addresses: Array<[string, (url: string) => string, RegExp]> = [
		['is down', (url) => url.replace(/:\d+/, ':1'), /the connection was refused/],
		['speaks plain http', (url) => url.replace('http:', 'https:'), /does not offer a secure connection/],
	];

	// All operations at once: readings wait before they are tried again.
	test.each(addresses)(
		'because it %s: one item finds out, and nothing was sent for any',
		async (_why, addressOf, text) => {
			const credentials = credentialsFor(bench.simulator);
			for (const data of Object.values(credentials)) {
				if ('baseUrl' in data) data.baseUrl = addressOf(String(data.baseUrl));
			}
			const found = scenes.map(async (scene) => {
				const result = await play(openEngine(), bench.simulator, scene, {
					credentials,
					onError: 'continueRegularOutput',
				});
				return { name: scene.name, items: itemsOf(result), requests: result.requests.length };
			});
			expect(await Promise.all(found)).toMatchObject(
				scenes.map(({ name, items, before, effects, prepares }) => ({
					name,
					items: items.map(() => ({
						error: expect.stringMatching(text) as string,
						details: { outcome: 'notSent', affects: 'run' },
					})),
					// A reading is tried three times; what prepares an act leaves once.
					requests: (before !== undefined && prepares === undefined) || effects === undefined ? 3 : 1,
				})),
			);
			expect(bench.simulator.requests).toEqual([]);
		},
	);
});
