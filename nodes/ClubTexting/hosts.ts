/** Club Texting's address by the credential's environment. Source: Club Texting, REST API documentation. */
export const CLUB_TEXTING_HOSTS = { production: 'https://app.clubtexting.com' };
