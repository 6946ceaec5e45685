import { Failures } from '../../nodes/shared/failures';
import { ask, judged, retryAfter } from '../../nodes/shared/judge';
import { maskOf } from '../../nodes/shared/mask';
import { OperationFailure, invalid } from '../../nodes/shared/outcome';
import { interruptionOf, replyOf } from '../../nodes/shared/transport';
import { clubTexting } from '../../nodes/ClubTexting/provider';
import { mailPartner } from '../../nodes/MailPartnerSubaccount/provider';
import { click2Mail } from '../../nodes/Click2MailCredit/provider';

const mask = maskOf(['the-pooh']);
const reply = (status: number, text: string, headers = {}) => ({ status, headers, text });

describe('a connection that fails', () => {
	const nothing = 'the request has not left';
	const something = 'the request may have left';

	test.each([
		['ECONNREFUSED', nothing, 'the connection was refused'],
		['ENOTFOUND', nothing, 'the host name was not found'],
		['EAI_AGAIN', nothing, 'the host name could not be looked up'],
		['ERR_INVALID_URL', nothing, 'the address is no URL'],
		['CERT_HAS_EXPIRED', nothing, 'the certificate of the host has expired'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', nothing, 'the certificate of the host is self-signed'],
		['SELF_SIGNED_CERT_IN_CHAIN', nothing, 'the certificate of the host is self-signed'],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', nothing, 'the certificate of the host could not be verified'],
		['ERR_TLS_CERT_ALTNAME_INVALID', nothing, 'the certificate is not that of the host'],
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
			expect(interruptionOf(error, 1500)).toMatchObject({ left: whether === something, why });
		}
	});

	test.each(['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'])(
		'%s while connecting: nothing has left',
		(code) => {
			const error = { cause: { code, syscall: 'connect' } };
			expect(interruptionOf(error, 1500)).toMatchObject({
				left: false,
				why: 'the host could not be reached',
			});
		},
	);

	test('an address that n8n does not allow: nothing has left', () => {
		expect(interruptionOf({ cause: { name: 'SSRFBlockedError' } }, 1500)).toMatchObject({
			left: false,
			why: 'n8n’s SSRF protection does not allow this address',
		});
	});

	test('a log-in that was not added, because the request goes elsewhere, stays what it is', () => {
		const refused = invalid('Base URL', 'is not https');
		expect(() => interruptionOf({ name: 'NodeApiError', cause: refused }, 1500)).toThrow(refused);
	});

	test.each([[undefined], [null], ['gone'], [new Error('gone')]])(
		'anything else may have left: %p',
		(error) => {
			expect(interruptionOf(error, 1500)).toMatchObject({ left: true });
		},
	);
});

test.each([
	['<credit/>', '<credit/>'],
	[undefined, ''],
	[null, ''],
	[{ success: true }, '{"success":true}'],
])('a body %j is read as the text %j', (body, text) => {
	const full = { statusCode: 200, headers: { 'Retry-After': '5' }, body } as never;
	expect(replyOf(full)).toEqual({ status: 200, headers: { 'retry-after': '5' }, text });
});

describe('Retry-After', () => {
	const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();

	test.each([
		['none', {}, 700],
		['empty', { 'retry-after': ' ' }, 700],
		['seconds', { 'retry-after': '5' }, 5000],
		['no wait', { 'retry-after': '0' }, 0],
		['more than is granted', { 'retry-after': '3600' }, 30_000],
		['neither seconds nor a date', { 'retry-after': 'soon' }, 700],
		['a date that has passed', { 'retry-after': 'Fri, 10 Jun 2011 17:03:19 GMT' }, 0],
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

describe('replies that are documented as “not processed”', () => {
	const judge = (provider: typeof clubTexting, status: number, text: string) =>
		judged(provider, reply(status, text), () => 1, mask);
	const success = '{"Response":{"Status":"Success","Code":201,"Entry":{"ID":1}}}';

	test.each([
		['no body', ''],
		['plain text', 'Service Unavailable'],
		['a page', '<html><body>503</body></html>'],
		['another page', '<!DOCTYPE html><title>Busy</title>'],
		['half a reply', '{"Response":'],
	])('HTTP 503 of Club Texting is a refusal with %s', (_case, text) => {
		expect(judge(clubTexting, 503, text)).toEqual({
			kind: 'refused',
			message: 'too many requests at the moment (HTTP 503)',
		});
	});

	test('HTTP 503 of Club Texting with its own texts is a refusal in its words', () => {
		const body = '{"Response":{"Status":"Failure","Code":503,"Errors":["Too many connections"]}}';
		expect(judge(clubTexting, 503, body)).toEqual({
			kind: 'refused',
			message: 'Too many connections',
			code: '503',
		});
		expect(judge(clubTexting, 503, '{"Response":{"Status":"Failure"}}')).toMatchObject({ kind: 'refused' });
	});

	test('HTTP 503 around a success is unclear', () => {
		expect(judge(clubTexting, 503, success)).toMatchObject({ kind: 'unclear' });
	});

	test('HTTP 429 of MailPartner is a refusal, and around a success unclear', () => {
		expect(judge(mailPartner, 429, '')).toMatchObject({ kind: 'refused' });
		expect(judge(mailPartner, 429, '{"success":true,"code":200}')).toMatchObject({ kind: 'unclear' });
	});

	test('HTTP 503 of the others says nothing about what happened', () => {
		for (const provider of [click2Mail, mailPartner]) {
			expect(judge(provider, 503, 'Service Unavailable')).toMatchObject({ kind: 'unclear' });
		}
	});
});

describe('a read', () => {
	const refused = interruptionOf({ code: 'ECONNREFUSED' }, 1500);
	const answered = reply(200, '{"success":true,"code":200}');
	const failures = new Failures(mailPartner, 'subaccount.getAll', mask);

	async function asked(results: Array<typeof refused | typeof answered>, signal?: AbortSignal) {
		const left = [...results];
		const exchange = async () => left.shift()!;
		const answer = ask(mailPartner, exchange, () => 'found', mask, failures, signal);
		return {
			...(await answer.then(
				({ value }) => ({ value }),
				(error: Error) => ({ error }),
			)),
			left,
		};
	}

	test('that finds no connection is made again, up to twice', async () => {
		expect(await asked([refused, refused, answered])).toEqual({ value: 'found', left: [] });
		expect(await asked([refused, refused, refused, answered])).toMatchObject({
			error: { outcome: 'notSent', message: 'Not sent to MailPartner: the connection was refused' },
			left: [answered],
		});
	});

	test('that is refused is not made again', async () => {
		const forbidden = reply(403, '{"success":false,"code":403,"error":"no"}');
		expect(await asked([forbidden, answered])).toMatchObject({
			error: { outcome: 'refused' },
			left: [answered],
		});
	});

	test('is not made again once the execution is cancelled', async () => {
		expect(await asked([refused, answered], AbortSignal.abort())).toMatchObject({
			error: { outcome: 'notSent' },
			left: [answered],
		});
	});
});

test('a reply that can’t be understood is no success', () => {
	const normalise = () => {
		throw new TypeError('not a function');
	};
	expect(judged(mailPartner, reply(200, '{"success":true,"code":200}'), normalise, mask)).toEqual({
		kind: 'unclear',
		why: 'the reply could not be understood',
	});
});

describe('failures', () => {
	const failures = new Failures(clubTexting, 'message.send', mask);
	const named = { provider: 'Club Texting', operation: 'message.send' };

	test('name provider and operation, and hold no secret', () => {
		const failure = failures.refused('the-pooh is not a password', { providerCode: '403', httpStatus: 403 });
		expect(failure.message).toBe('Club Texting refused: *** is not a password');
		expect(failure.facts).toMatchObject({ ...named, providerCode: '403', httpStatus: 403 });
		const own = failures.explained(new OperationFailure('invalid', 'the-pooh', { advice: 'not the-pooh' }));
		expect(own).toMatchObject({ message: '***', facts: { ...named, advice: 'not ***' } });
	});

	test.each([
		[
			'an error',
			new RangeError('the-pooh is out of range'),
			'The node stopped unexpectedly: *** is out of range',
		],
		['a text', 'the-pooh', 'The node stopped unexpectedly: ***'],
	])('%s that nobody expected leaves open what happened', (_case, error, message) => {
		expect(failures.of(error)).toMatchObject({ outcome: 'unknown', message, facts: named });
	});
});
