import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { EZ_TEXTING_HOSTS, loginOf } from '../nodes/EzTexting/provider';
import { assertGoesTo, baseUrlExpression, baseUrlOf, STAYING_THERE } from '../nodes/shared/http/baseUrl';

const ELSEWHERE =
	'What answers at this address is not EZ Texting’s API v1. Check the environment and the base URL.';

/**
 * Log-in of an EZ Texting account: HTTP Basic authentication with what signs in at the web product, or with an app key and
 * its secret. Source: EZ Texting, developer guide "Authentication".
 */
export class EzTextingApi implements ICredentialType {
	name = 'ezTextingApi';

	displayName = 'EZ Texting API';

	icon = { light: 'file:../icons/eztexting.svg', dark: 'file:../icons/eztexting.dark.svg' } as const;

	documentationUrl =
		'https://github.com/messaging-credits/n8n-nodes-messaging-credits/blob/main/docs/credentials.md#ez-texting-api';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			options: [
				{
					name: 'Custom',
					value: 'custom',
					description: 'A gateway of your company or a test server with the same API',
				},
				{
					name: 'Production',
					value: 'production',
					description: 'Real texts and real charges, at a.eztexting.com',
				},
			],
			default: 'production',
			description: 'Where the API is. EZ Texting has no test site.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://gateway.example.com/v1',
			displayOptions: { show: { environment: ['custom'] } },
			description:
				'The address that stands for https://a.eztexting.com/v1. It has to be https, or http on this machine.',
		},
		{
			displayName: 'Username',
			name: 'username',
			type: 'string',
			default: '',
			required: true,
			description:
				'The user name or e-mail you sign in with at EZ Texting, or an app key. An account at Club Texting, or at EZ Texting’s older API (app.eztexting.com), is another one: for it there is the Club Texting node.',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The password that goes with it, or the secret of the app key',
		},
	];

	/** Adds the log-in, and only to a request to the credential's own base URL. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		assertGoesTo(baseUrlOf(credentials, EZ_TEXTING_HOSTS), requestOptions);
		return { ...requestOptions, ...STAYING_THERE, auth: { ...loginOf(credentials), sendImmediately: true } };
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: baseUrlExpression(EZ_TEXTING_HOSTS),
			url: '/credits',
			headers: { Accept: 'application/json' },
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'EZ Texting does not accept this user name and password. They are those of its web product; a Club Texting account is another one.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message: 'EZ Texting denies access: ask its support whether the account may use the API.',
				},
			},
			...[429, 503].map((value) => ({
				type: 'responseCode' as const,
				properties: {
					value,
					message: 'EZ Texting gets too many requests at the moment: wait a minute and test again.',
				},
			})),
			{ type: 'responseCode', properties: { value: 404, message: ELSEWHERE } },
			// n8n compares with the value that stands at the key: undefined where there is none.
			...[undefined, null, '', false, true].map((value) => ({
				type: 'responseSuccessBody' as const,
				properties: { key: 'totalCredits', value, message: ELSEWHERE },
			})),
		] as ICredentialTestRequest['rules'],
	};
}
