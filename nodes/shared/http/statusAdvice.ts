import type { Refusal } from '../provider';

/** What a person can do about a no that says nothing but its HTTP status. */
export function adviceByStatus({ provider, httpStatus, customUrl }: Refusal): string {
	switch (httpStatus) {
		case 403:
			return `Nothing was changed. ${provider}, or a firewall before it, denies access: ask whether it accepts this account and the IP address of this n8n.`;
		case 404:
		case 405:
		case 410:
			return customUrl === undefined
				? `Nothing was changed. Update this package; if it stays, ask ${provider}’s support.`
				: `Nothing was changed. Check the base URL in the credential: what answers at ${customUrl} does not know this call.`;
		case 407:
			return `Nothing was sent. A proxy between this n8n and ${provider} wants a log-in: ask whoever runs your network.`;
		case 429:
			return waiting(provider);
		default:
			return `Nothing was changed. If it stays, ask ${provider}’s support.`;
	}
}

/** What to do about too many requests. */
export function waiting(provider: string): string {
	return `${provider} did not process the request. Wait a minute before you try again.`;
}
