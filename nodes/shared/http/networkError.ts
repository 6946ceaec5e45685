import type { Obstacle } from '../provider';

/** No response came. `hasLeft` tells whether the request may have reached the provider. */
export interface Interruption {
	hasLeft: boolean;
	why: string;
	obstacle?: Obstacle;
}

/** Error codes of a connection that never stood: no byte of the request has left. */
const NEVER_CONNECTED: Record<string, string> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'the host name was not found',
	EAI_AGAIN: 'the host name could not be looked up',
	ERR_INVALID_URL: 'the address is not a URL',
	CERT_HAS_EXPIRED: 'the certificate of the host has expired',
	CERT_NOT_YET_VALID: 'the certificate of the host is not valid yet',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate of the host is self-signed',
	SELF_SIGNED_CERT_IN_CHAIN: 'the certificate of the host is self-signed',
	UNABLE_TO_GET_ISSUER_CERT: 'the certificate of the host could not be verified',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate of the host could not be verified',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate of the host could not be verified',
	ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is not that of the host',
	ERR_TLS_HANDSHAKE_TIMEOUT: 'no secure connection could be made',
	UND_ERR_CONNECT_TIMEOUT: 'the host could not be reached in time',
};

/** What failed where no connection came to stand, whatever code the system gives: to look the host up, or to connect to it. */
const TO_CONNECT = ['getaddrinfo', 'connect'];

/** What OpenSSL says when the other side does not speak TLS, or no TLS that both know: before anything is encrypted. */
const NO_TLS =
	/wrong version number|packet length too long|unsupported protocol|no protocols available|alert handshake failure|alert protocol version|unrecognized name|unsafe legacy renegotiation|key too small/i;

/** What Node says when a TLS connection breaks off before it stands. */
const BEFORE_TLS = /before secure TLS connection was established/i;

/** Tells from what n8n's request helper threw whether the request can have reached the provider. */
export function interruptionOf(error: unknown, timeout: number): Interruption {
	const chain = causesOf(error);
	const refusedHere = chain.find(({ name }) => name === 'OperationError');
	if (refusedHere) return { hasLeft: false, why: String(refusedHere.message) };

	const isToConnect = ({ code, syscall }: ErrorLink) =>
		TO_CONNECT.includes(String(syscall)) || Object.hasOwn(NEVER_CONNECTED, String(code));
	// Of several addresses, each was tried; where one has answered, something may have left.
	const attempts = chain.flatMap(({ errors }) => (errors?.every(isToConnect) ? errors : []));
	const links = [...chain, ...attempts];
	const codes = links.flatMap(({ code, httpCode }) => [String(code), String(httpCode)]);
	const says = (pattern: RegExp) => chain.some(({ message }) => pattern.test(String(message)));
	const neverConnected = codes.find((code) => Object.hasOwn(NEVER_CONNECTED, code));
	if (neverConnected) {
		const why = NEVER_CONNECTED[neverConnected]!;
		return { hasLeft: false, why, ...(/certificate|secure/.test(why) && { obstacle: 'untrusted' as const }) };
	}
	if (links.some(isToConnect)) {
		return { hasLeft: false, why: 'the host could not be reached' };
	}
	if (says(BEFORE_TLS) || (codes.some((code) => /^(EPROTO|ERR_SSL_)/.test(code)) && says(NO_TLS))) {
		const why = 'the host does not offer a secure connection (https) at this address';
		return { hasLeft: false, why, obstacle: 'untrusted' };
	}
	if (chain.some(({ name }) => /ssrf/i.test(String(name)))) {
		return {
			hasLeft: false,
			why: 'n8n’s SSRF protection does not allow this address',
			obstacle: 'notAllowed',
		};
	}
	if (codes.includes('ERR_CANCELED')) {
		return { hasLeft: true, why: 'the execution was cancelled before an answer came' };
	}
	if (codes.includes('ECONNABORTED') || codes.includes('ETIMEDOUT')) {
		return { hasLeft: true, why: noAnswerWithin(timeout) };
	}
	return { hasLeft: true, why: 'the connection broke before an answer came' };
}

/** @param timeout in ms */
export function noAnswerWithin(timeout: number): string {
	return `no answer came within ${timeout / 1000} s`;
}

interface ErrorLink {
	code?: string;
	/** Of an attempt at several addresses of one host, what became of each. */
	errors?: ErrorLink[];
	httpCode?: string | null;
	message?: string;
	name?: string;
	syscall?: string;
}

function causesOf(error: unknown): ErrorLink[] {
	const chain: ErrorLink[] = [];
	for (let link = error; typeof link === 'object' && link !== null && chain.length < 8;) {
		chain.push(link);
		const { cause, errorResponse } = link as { cause?: unknown; errorResponse?: unknown };
		link = cause ?? errorResponse;
	}
	return chain;
}
