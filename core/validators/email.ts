/**
 * E-mail addresses: RFC 5321 length and dot rules, and a domain that ends in a suffix of the IANA root zone
 * (public suffix list through `tldts`). RFC 2606/6761 names are reserved; service logins are no one's address.
 */
import { parse } from 'tldts';
import { invalid, reserved, unknown, valid, type Verdict } from './validator.ts';

/** Users of `user@host` notation that are never a person: version control and machine logins. */
const SERVICE_LOGINS: ReadonlySet<string> = new Set(['git', 'hg', 'svn', 'cvs', 'ssh', 'sftp', 'ftp', 'www-data', 'nobody']);
const MACHINE_LOGINS: ReadonlySet<string> = new Set(['root', 'ubuntu', 'ec2-user', 'centos', 'debian', 'vagrant', 'localhost', 'daemon', 'mailer-daemon']);
const UNATTENDED = /^(?:no|do[-_.]?not|dont)[-_.]?reply|^unattended|^bounces?$|^noreply|^donotreply|[-_.+]noreply$/i;
/** RFC 2142 mailbox names and their everyday relatives: a team reads them, not a person. */
const ROLE = /^(?:abuse|accounts?|admin|administrator|billing|careers|contact|help|helpdesk|hello|hostmaster|hr|info|inquiries|it|jobs|legal|mail|marketing|media|news|newsletter|noc|office|postmaster|press|privacy|sales|security|service|support|team|usenet|webmaster|web)$/i;
/** RFC 2606, RFC 6761 and the hosts that documentation uses in their place. */
const RESERVED_TLDS: ReadonlySet<string> = new Set(['test', 'example', 'invalid', 'localhost']);
const RESERVED_HOSTS = /(?:^|\.)(?:example\.(?:com|net|org|edu|co\.[a-z]{2})|(?:your-?)?(?:domain|company|email|mail|site)\.(?:com|tld)|(?:foo|bar|baz|acme|test|mydomain|mycompany|yourdomain|yourcompany|somewhere|contoso|fabrikam)\.com)$/;
const PRIVATE_TLDS: ReadonlySet<string> = new Set(['local', 'internal', 'lan', 'corp', 'home', 'intranet', 'localdomain', 'private']);

export function email(value: string): Verdict {
  const at = value.lastIndexOf('@');
  const local = value.slice(0, at);
  const domain = value.slice(at + 1).toLowerCase();
  if (at < 1 || local.length > 64 || domain.length > 253) return invalid('not the length of an address');
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) return invalid('misplaced dot');
  if (/^\d+x\./.test(domain)) return invalid('an image density suffix');
  const user = local.toLowerCase();
  if (SERVICE_LOGINS.has(user)) return invalid('a service login');
  const tld = domain.slice(domain.lastIndexOf('.') + 1);
  if (RESERVED_TLDS.has(tld) || RESERVED_HOSTS.test(domain)) return reserved('domain reserved for documentation (RFC 2606)');
  if (PRIVATE_TLDS.has(tld)) return unknown('a private network name');
  const wrong = problemOf(domain);
  if (wrong !== undefined) return wrong;
  if (UNATTENDED.test(local) || MACHINE_LOGINS.has(user)) return reserved('an unattended or machine account');
  if (ROLE.test(local)) return unknown('a role account');
  return valid(0.01, 'the domain is under a real top-level domain');
}

/** Answers for domains: addresses come with few of them. The only state: a bounded, pure cache of what `tldts` says. */
const problems = new Map<string, Verdict | undefined>();
const MOST_DOMAINS = 500;

/** Why no address can be under the domain. */
function problemOf(domain: string): Verdict | undefined {
  if (problems.has(domain)) return problems.get(domain);
  if (problems.size >= MOST_DOMAINS) problems.clear();
  const { isIcann, isPrivate, domain: registered } = parse(domain, { detectIp: false, mixedInputs: false });
  const known = isIcann === true || isPrivate === true;
  const problem = !known ? invalid('no such top-level domain') : registered === null && isPrivate !== true ? invalid('a bare public suffix') : undefined;
  problems.set(domain, problem);
  return problem;
}
