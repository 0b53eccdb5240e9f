/** Every word of the inbox, in English. Other languages have the same shape. What the backend says (verdicts, refusals) is not here. */

const number = new Intl.NumberFormat('en');
const n = (count: number, one: string, many = `${one}s`): string => `${number.format(count)} ${count === 1 ? one : many}`;

export const en = {
  lang: 'en',
  title: 'PII Gate inbox',
  figure: (value: number) => number.format(value),
  and: 'and',
  or: 'or',

  nouns: {
    row: (count: number) => n(count, 'row'), request: (count: number) => n(count, 'request'), record: (count: number) => n(count, 'record'), signature: (count: number) => n(count, 'signature'),
    step: (count: number) => n(count, 'step'), comment: (count: number) => n(count, 'comment'), denial: (count: number) => n(count, 'denial'), sensitiveColumn: (count: number) => n(count, 'sensitive column'),
    personalValue: (count: number) => n(count, 'personal value'), unchangedLine: (count: number) => n(count, 'unchanged line'), wholeTable: (count: number) => n(count, 'whole table'),
  },
  time: {
    second: (count: number) => n(count, 'second'), minute: (count: number) => n(count, 'minute'), hour: (count: number) => n(count, 'hour'), day: (count: number) => n(count, 'day'),
    s: 's', min: 'min', h: 'h', justNow: 'just now', ago: (age: string) => `${age} ago`,
    dueIn: (age: string) => `due in ${age}`, overdueBy: (age: string) => `overdue by ${age}`,
  },
  more: (count: number) => `${count} more`,

  capability: { run: 'Run', reveal: 'Reveal', export: 'Export' },
  environment: { development: 'Development', staging: 'Staging', production: 'Production', critical: 'Critical' },
  state: { pending: 'Pending', changes_requested: 'Changes asked for', approved: 'Approved', denied: 'Denied', cancelled: 'Withdrawn', expired: 'Expired', consumed: 'Approved and used', revoked: 'Revoked' },
  destination: { grid: 'Shown in the editor', file: 'Written to a file', clipboard: 'Copied to the clipboard', agent: 'Given to an AI agent' },
  /** Before the connection's name. */
  wants: { run: 'wants to run a query on', write: 'wants to change data on', reveal: 'wants to see values in clear from', export: 'wants to export data from' },
  youWant: { run: 'You want to run a query on', write: 'You want to change data on', reveal: 'You want to see values in clear from', export: 'You want to export data from' },
  touches: {
    reads: (columns: string) => `reads ${columns}`, writes: (columns: string) => `writes ${columns}`, shows: (columns: string) => `shows ${columns} in clear`, exports: (columns: string) => `exports ${columns} in clear`,
    exportsMasked: 'exports masked values', opaque: 'could not be understood fully, so it counts as sensitive', tables: (tables: string) => `touches ${tables}`, noTable: 'no known table',
    sentence: (touches: string, rows: string | undefined) => `It ${touches}${rows === undefined ? '' : ` (≈ ${rows})`}.`,
  },
  ofThese: (count: number, names: string) => (count === 1 ? `1 ${names}` : `${count} of ${names}`),

  shell: {
    opening: 'Opening your inbox…', requests: 'Requests', overview: 'Overview', audit: 'Audit', pages: 'Pages', connecting: 'Connecting…', live: 'Live', lost: 'Reconnecting…', keys: 'Keys', signOut: 'Sign out',
    signedOut: 'You were signed out. Sign in again.', offline: 'The line to the backend is broken. What you see may be old; it is tried again by itself.',
    request: 'Request', openingRequest: 'Opening the request…', notHere: 'This request is not here', nothingOpen: 'Nothing open', notHereWhy: 'It may be older than what is kept, or not for you to see.', nothingOpenWhy: 'New requests appear in the list by themselves.',
    counted: 'Your approval is counted. Another one is needed.', decided: (state: string, who: string) => `${state}: ${who}’s request.`, commented: 'Your comment is there.',
    identicalFailed: (why: string) => `This one is decided, another identical one is not: ${why}`,
    unreachable: 'The approval backend does not answer. Nothing was decided.', refused: (status: number) => `The backend refused (${status}).`,
  },
  signIn: {
    title: 'Review requests', withProvider: (name: string) => `Sign in with ${name}`, yourOrganisation: 'your organisation', or: 'or', withToken: 'Sign in with your PII Gate token.', token: 'Token', signIn: 'Sign in', signingIn: 'Signing in…',
    help: 'It was shown when your account was made. It is not kept here; you stay signed in for eight hours.', notAToken: 'Paste the whole token. It is one word that begins with pgt_.', unknown: 'This token is not known here, or it has expired.',
  },
  queue: {
    which: 'Which requests', forYou: 'For you', open: 'Open', decided: 'Decided', afterwards: 'Look back', filter: 'Filter: name, table, environment…', filterLabel: 'Filter the requests', loading: 'Loading',
    nothingFits: 'Nothing fits the filter', showAll: 'Show all', next: 'next', previous: 'previous', filterKey: 'filter', allKeys: 'all keys', you: '(you)', emergency: 'Emergency', overdue: 'Overdue', undeclared: 'Undeclared data',
    undeclaredWhy: 'Its result held personal data that was not declared', version: (number: number) => `Version ${number}`, comments: ' comments',
    allDone: 'All done', openForOthers: (count: number) => `${count} open, waiting for others.`, nobody: 'Nobody is waiting for you.', noneOpen: 'No open requests', noneOpenWhy: 'New ones appear here by themselves.',
    noneDecided: 'Nothing decided yet', noneDecidedWhy: 'Decisions stay here, with who and why.', noLooks: 'Nothing to look back at', noLooksWhy: 'Every emergency access has been looked at.',
  },
  alarm: {
    label: 'Emergency access', one: (who: string, where: string) => `Emergency access by ${who} on ${where}.`, many: (count: number, who: string, where: string) => `${count} emergency accesses, the oldest by ${who} on ${where}.`,
    due: (due: string) => `A look at it is ${due}.`, look: 'Look at it',
  },
  help: {
    next: 'Next request', previous: 'Previous request', filter: 'Filter', approve: 'Approve: Enter confirms', limits: 'Approve with limits', changes: 'Ask for changes', deny: 'Deny', comment: 'Comment on the request',
    send: 'Send what is written', leave: 'Leave it', list: 'This list', lines: 'On the numbers of a statement: arrows move, Enter comments.', close: 'Close',
  },
  request: {
    asked: (ago: string) => `asked ${ago}`, expires: (age: string) => `, expires in ${age}`, expiring: ', expiring', openInEditor: 'Open in VS Code',
    agent: (person: string) => ` asks on behalf of ${person}. The result goes to an AI agent.`, reason: 'Reason', noReason: 'No reason given.',
    firstRequest: 'first request in 90 days', history: (requests: string, approved: number, denied: number) => `${requests} in 90 days, ${approved} approved${denied > 0 ? `, ${denied} denied` : ''}`,
    version: (number: number) => `Version ${number}.`, changed: (ago: string) => ` The statement was changed ${ago}; what was approved before counts no more.`,
    sinceVersion: (number: number) => `Since version ${number}`, sinceApproved: 'Since last approved', asApproved: (who: string, ago: string) => `As approved by ${who} ${ago}`,
    opaque: 'Not everything here could be understood.', erased: (date: string) => `Erased on ${date}.`, erasedWhat: ' The statement, the reasons and the comments are no longer kept; the trail still proves what was decided.',
    glass: 'Glass was broken:', glassWhat: ' it went ahead without waiting for approval. ', mustLook: (who: string) => `${who} must look at it, `, notAgain: (who: string) => `. Until then ${who} can’t do it again.`,
    justified: 'Emergency access, justified.', notJustified: 'Emergency access, not justified.', foundJustified: (who: string) => `${who} found it justified`, foundNotJustified: (who: string) => `${who} found it not justified`,
    drift: 'Found in the result, but not declared.', driftMasked: ' It was masked all the same.', driftIn: (entity: string, rows: string) => `${entity} in ${rows}`,
  },
  statement: {
    name: 'Statement', shown: 'What is shown', masked: (values: string) => `${values} masked`, copy: 'Copy', copied: 'Copied', showAll: (lines: number) => `Show all ${lines} lines`, commentOn: (place: string) => `Comment on ${place}`,
    commentHere: 'Comment on this line', line: (line: number) => `line ${line}`, lines: (from: number, to: number) => `lines ${from}–${to}`, changed: 'What changed', added: 'added: ', removed: 'removed: ',
  },
  comments: {
    by: (who: string) => `Comment by ${who}`, on: (place: string) => `Comments on ${place}`, place: (place: string) => `On ${place}`, earlier: (place: string) => `On ${place} of an earlier version`,
    answerLabel: 'Your answer', answer: 'Answer', comment: 'Comment', cancel: 'Cancel',
  },
  sample: { title: 'Masked sample', caption: (rows: string, who: string) => `The first ${rows} as ${who} sees them now.`, rows: 'Rows' },
  facts: {
    label: 'Facts', title: 'What it touches', none: 'No column that the inventory calls sensitive.', clear: 'In clear', noneClear: 'Nothing: sensitive values stay masked', rows: 'Rows', goesTo: 'Goes to', use: 'Use', connection: 'Connection',
    once: (duration: string) => `Once, within ${duration}`, window: (duration: string) => `Any number of times for ${duration}`, as: (user: string) => `, as ${user}`, otherTables: 'Other tables', writes: 'Writes',
    star: 'Star', starWhat: 'Selects every column, also ones added later', export: 'Export', exportWhat: 'The statement itself writes data out of the database', alwaysMasked: 'Always masked', byPolicy: '(by policy)',
    filters: 'only filters by it', written: 'is written', inClear: 'shown in clear', masked: 'shown masked', noCap: 'No cap', atMost: (rows: string) => `At most ${rows}`, read: (rows: string) => `≈ ${rows} read`,
  },
  policy: {
    title: 'Why it needs approval', counted: (have: number, need: number) => ` (${have} of ${need})`, others: (count: number) => (count === 1 ? '1 rule that did not apply' : `${count} rules that did not apply`), version: (version: string) => `Policy ${version}`,
    allow: 'allows it', mask: 'masks it', review: 'asks for approval', deny: 'denies it', notApplied: 'did not apply', error: (why: string) => `could not be evaluated: ${why}`, not: 'not: ', always: 'always',
    environment: 'environment', connection: 'connection', action: 'action', kind: 'kind of statement', estimatedRows: 'estimated rows', limit: 'row limit in the statement', maxRows: 'rows asked for', destination: 'destination', requester: 'requester',
    is: 'is', isNot: 'is not', above: 'above', atLeast: 'at least', below: 'below', atMost: 'at most', none: 'none',
    sensitive: 'touches sensitive columns', notSensitive: 'touches no sensitive column', readOnly: 'only reads', notReadOnly: 'writes', exports: 'writes data out of the database itself', notExports: 'writes no data out of the database itself',
    opaque: 'not fully understood', notOpaque: 'fully understood', star: 'selects every column', notStar: 'names its columns', agent: 'asked by an agent', notAgent: 'asked by a person', onCall: 'requester is on call', notOnCall: 'requester is not on call',
  },
  plan: { title: 'Query plan', read: (tables: string) => `${tables} read`, wholeTable: 'whole table', rows: 'rows', cost: 'cost ', ownCost: (cost: string) => `Cost of this step alone: ${cost}` },
  history: {
    title: 'History', asked: 'asked', changedStatement: (version: number) => `changed the statement: version ${version}`, approve: 'approved', deny: 'denied', request_changes: 'asked for changes', void: 'counts no more', commentLabel: 'Comment on the request',
    keeps: (columns: string) => `keeps ${columns} masked`, atMost: (rows: string) => `at most ${rows}`, for: (duration: string) => `for ${duration}`,
  },
  decision: {
    label: 'Decision', comment: 'Comment (they will read this)', commentLabel: 'Comment for the requester', whyNot: 'Why not? They will read this.', whatChange: 'What should change?', found: 'What did you find? They will read this.', foundLabel: 'What you found',
    needsWhy: 'Say why, so that they know what to do instead.', needsChange: 'Say what should change.', needsFound: 'Say what you found.', justifiedQuestion: 'Was this emergency access justified?', recorded: 'It is recorded with your name.',
    justified: 'It was justified', notJustified: 'It was not', approve: 'Approve', approveWithLimits: 'Approve with limits…', limitsShort: 'Limits…', confirmLimits: 'Approve with these limits', back: 'Back', changes: 'Ask for changes', changesShort: 'Changes', deny: 'Deny',
    alsoOne: 'Decide the other identical request as well', also: (count: number) => `Decide the ${count} other identical requests as well`,
    hintApprove: 'Enter approves. Esc leaves it open.', hintDeny: 'Ctrl+Enter denies. Esc leaves it open.', hintChanges: 'Ctrl+Enter sends it back. Esc leaves it open.',
  },
  limits: {
    label: 'Approve with limits', keepMasked: 'Keep masked', rows: 'Rows at most', noCap: 'no cap', for: 'For', asAsked: '(as asked)', between: (most: number) => `Rows must be between 1 and ${most}.`, whole: 'Rows must be a whole number of at least 1.',
    one: 'Choose at least one limit, or approve as asked.',
  },
  closed: {
    own: 'Your own request.', ownWaits: (who: string) => ` Nobody approves their own; it waits for ${who}.`, already: 'You have approved it.', waits: (who: string) => ` It waits for ${who}.`, readAlong: (who: string) => `It waits for ${who}. You can read along.`,
    usableUntil: (time: string) => ` It can be used until ${time}.`, waitsForRequester: ' Waiting for the requester.', nothing: ' There is nothing to decide any more.', aDecision: 'a decision', reason: 'Reason', whyBack: 'Why is it taken back?',
    reasonHint: 'Reason, with what was missing', whyHint: 'Why? They will read this.', askAgain: 'Ask again', takeBack: 'Take it back', takeBackOpen: 'Take it back…', answerOpen: 'Answer and ask again…', inEditor: 'Change it in VS Code', giveBack: 'Give it back', withdraw: 'Withdraw',
  },
  overview: {
    title: 'Overview', lead: 'The last 14 days of the requests that you may see.', waiting: 'waiting', nobodyWaits: 'nobody waits', oldest: (duration: string) => `the oldest for ${duration}`, untilDecided: 'until decided', median: 'median, decided by people',
    approved: 'approved', byPolicy: (count: number) => `${count} of all by policy alone`, denied: 'denied', noneDecided: 'nothing decided', share: (percent: number) => `${percent} % of decisions`, byDay: 'Decisions by day', other: 'expired, withdrawn, sent back',
    dayApproved: (count: number) => `${count} approved`, dayDenied: (count: number) => `${count} denied`, dayOther: (count: number) => `${count} other`, waits: 'How long requests wait', nothingWaits: 'Nothing waits.', upTo: (time: string) => `up to ${time}`, longer: 'longer',
    tables: 'Tables most asked for', who: 'Who asks', noRequests: 'No requests yet.', drift: 'Found in results, but not declared', driftLabel: 'Undeclared personal data', noDrift: 'None: every result held what its request said.',
    driftLead: (requests: string) => `In the results of ${requests}. It was masked all the same; add the columns to the inventory.`, denials: 'Latest denials', none: 'None.', noComment: 'without a comment',
  },
  audit: {
    title: 'Audit', lead: 'Every record is chained to the one before and signed.', filter: 'Filter', what: 'What', who: 'Who', whoHint: 'id, for example sam', request: 'Request', requestHint: 'id', from: 'From', to: 'To', older: 'Older', andOlder: ', and older ones',
    everything: 'Everything', requests: 'Requests', denials: 'Denials', comments: 'Comments', drift: 'Undeclared data', grants: 'Grants and their use', refusals: 'Refused uses', glass: 'Emergency access', policy: 'Policy', broker: 'Broker runs', backend: 'Backend', sessions: 'Sessions',
    format: 'Format of the download', jsonl: 'JSON lines (can be verified)', download: 'Download', nothing: 'Nothing found', noneFits: 'No record fits the filter.', lookBack: 'None in the newest 20,000 records; look further back.',
    intactLabel: 'Is the trail intact?', checks: 'Checks every hash, every link and the anchored head.', checking: 'Checking…', checkingLong: 'A million records take half a minute.', intact: 'Intact.', checked: (records: string, signatures: string) => ` ${records}, ${signatures} checked. `,
    withRequest: 'kept with the request, here as its digest',
    head: (seq: number) => `Head ${seq} `, broken: (seq: number) => `Not intact at record ${seq}.`, brokenWhy: (why: string) => ` ${why}. Nothing after it can be trusted.`, verify: 'Verify', verifyAgain: 'Verify again',
  },
};

export type Text = typeof en;
