/** MailPartner's address by the credential's environment. Source: MailPartner, sub-account pages. */
export const MAIL_PARTNER_HOSTS = { production: 'https://api.mailpartner.fr/v1' };
