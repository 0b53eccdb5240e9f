import type { Text } from './en.ts';

const number = new Intl.NumberFormat('de');
const n = (count: number, one: string, many: string): string => `${number.format(count)} ${count === 1 ? one : many}`;

export const de: Text = {
  lang: 'de',
  title: 'PII Gate: Anfragen',
  figure: (value) => number.format(value),
  and: 'und',
  or: 'oder',

  nouns: {
    row: (count) => n(count, 'Zeile', 'Zeilen'), request: (count) => n(count, 'Anfrage', 'Anfragen'), record: (count) => n(count, 'Eintrag', 'Einträge'), signature: (count) => n(count, 'Signatur', 'Signaturen'),
    step: (count) => n(count, 'Schritt', 'Schritte'), comment: (count) => n(count, 'Kommentar', 'Kommentare'), denial: (count) => n(count, 'Ablehnung', 'Ablehnungen'), sensitiveColumn: (count) => n(count, 'sensible Spalte', 'sensible Spalten'),
    personalValue: (count) => n(count, 'persönlicher Wert', 'persönliche Werte'), unchangedLine: (count) => n(count, 'unveränderte Zeile', 'unveränderte Zeilen'), wholeTable: (count) => n(count, 'ganze Tabelle', 'ganze Tabellen'),
  },
  time: {
    second: (count) => n(count, 'Sekunde', 'Sekunden'), minute: (count) => n(count, 'Minute', 'Minuten'), hour: (count) => n(count, 'Stunde', 'Stunden'), day: (count) => n(count, 'Tag', 'Tage'),
    s: 's', min: 'min', h: 'h', justNow: 'gerade eben', ago: (age) => `vor ${age}`,
    dueIn: (age) => `fällig in ${age}`, overdueBy: (age) => `überfällig seit ${age}`,
  },
  more: (count) => `${count} weitere`,

  capability: { run: 'Ausführen', reveal: 'Aufdecken', export: 'Export' },
  environment: { development: 'Entwicklung', staging: 'Staging', production: 'Produktion', critical: 'Kritisch' },
  state: { pending: 'Offen', changes_requested: 'Änderung erbeten', approved: 'Genehmigt', denied: 'Abgelehnt', cancelled: 'Zurückgezogen', expired: 'Abgelaufen', consumed: 'Genehmigt und genutzt', revoked: 'Widerrufen' },
  destination: { grid: 'Anzeige im Editor', file: 'Datei', clipboard: 'Zwischenablage', agent: 'KI-Agent' },
  wants: { run: 'möchte eine Abfrage ausführen auf', write: 'möchte Daten ändern auf', reveal: 'möchte Werte im Klartext sehen aus', export: 'möchte Daten exportieren aus' },
  youWant: { run: 'Sie möchten eine Abfrage ausführen auf', write: 'Sie möchten Daten ändern auf', reveal: 'Sie möchten Werte im Klartext sehen aus', export: 'Sie möchten Daten exportieren aus' },
  touches: {
    reads: (columns) => `liest ${columns}`, writes: (columns) => `schreibt ${columns}`, shows: (columns) => `zeigt ${columns} im Klartext`, exports: (columns) => `exportiert ${columns} im Klartext`,
    exportsMasked: 'exportiert maskierte Werte', opaque: 'war nicht ganz zu verstehen und gilt deshalb als sensibel', tables: (tables) => `betrifft ${tables}`, noTable: 'keine bekannte Tabelle',
    sentence: (touches, rows) => `Die Anweisung ${touches}${rows === undefined ? '' : ` (≈ ${rows})`}.`,
  },
  ofThese: (count, names) => (count === 1 ? `1 × ${names}` : `${count} × ${names}`),

  shell: {
    opening: 'Anfragen werden geöffnet…', requests: 'Anfragen', overview: 'Übersicht', audit: 'Protokoll', pages: 'Seiten', connecting: 'Verbindet…', live: 'Live', lost: 'Verbindet neu…', keys: 'Tasten', signOut: 'Abmelden',
    signedOut: 'Sie wurden abgemeldet. Melden Sie sich neu an.', offline: 'Die Verbindung zum Dienst ist unterbrochen. Was Sie sehen, kann veraltet sein; es wird von selbst neu versucht.',
    request: 'Anfrage', openingRequest: 'Anfrage wird geöffnet…', notHere: 'Diese Anfrage ist nicht da', nothingOpen: 'Nichts geöffnet', notHereWhy: 'Sie ist vielleicht zu alt oder nicht für Sie bestimmt.', nothingOpenWhy: 'Neue Anfragen erscheinen von selbst in der Liste.',
    counted: 'Ihre Zustimmung zählt. Es braucht noch eine.', decided: (state, who) => `${state}: Anfrage von ${who}.`, commented: 'Ihr Kommentar ist da.',
    identicalFailed: (why) => `Diese ist entschieden, eine gleiche nicht: ${why}`,
    unreachable: 'Der Dienst antwortet nicht. Nichts wurde entschieden.', refused: (status) => `Der Dienst lehnte ab (${status}).`,
  },
  signIn: {
    title: 'Anfragen prüfen', withProvider: (name) => `Anmelden mit ${name}`, yourOrganisation: 'Ihrer Organisation', or: 'oder', withToken: 'Melden Sie sich mit Ihrem PII-Gate-Token an.', token: 'Token', signIn: 'Anmelden', signingIn: 'Meldet an…',
    help: 'Es wurde gezeigt, als Ihr Konto angelegt wurde. Hier wird es nicht behalten; Sie bleiben acht Stunden angemeldet.', notAToken: 'Fügen Sie das ganze Token ein: ein Wort, das mit pgt_ beginnt.', unknown: 'Dieses Token ist unbekannt oder abgelaufen.',
  },
  queue: {
    which: 'Welche Anfragen', forYou: 'Für Sie', open: 'Offen', decided: 'Fertig', afterwards: 'Rückblick', filter: 'Filter: Name, Tabelle, Umgebung…', filterLabel: 'Anfragen filtern', loading: 'Lädt',
    nothingFits: 'Nichts passt zum Filter', showAll: 'Alle zeigen', next: 'weiter', previous: 'zurück', filterKey: 'Filter', allKeys: 'alle Tasten', you: '(Sie)', emergency: 'Notzugriff', overdue: 'Überfällig', undeclared: 'Nicht deklariert',
    undeclaredWhy: 'Das Ergebnis enthielt persönliche Daten, die nicht deklariert waren', version: (number) => `Version ${number}`, comments: ' Kommentare',
    allDone: 'Alles erledigt', openForOthers: (count) => `${count} offen, für andere.`, nobody: 'Niemand wartet auf Sie.', noneOpen: 'Keine offenen Anfragen', noneOpenWhy: 'Neue erscheinen hier von selbst.',
    noneDecided: 'Noch nichts entschieden', noneDecidedWhy: 'Entscheidungen bleiben hier, mit wer und warum.', noLooks: 'Nichts nachzuprüfen', noLooksWhy: 'Jeder Notzugriff ist geprüft.',
  },
  alarm: {
    label: 'Notzugriff', one: (who, where) => `Notzugriff von ${who} auf ${where}.`, many: (count, who, where) => `${count} Notzugriffe, der älteste von ${who} auf ${where}.`,
    due: (due) => `Die Prüfung ist ${due}.`, look: 'Prüfen',
  },
  help: {
    next: 'Nächste Anfrage', previous: 'Vorige Anfrage', filter: 'Filtern', approve: 'Genehmigen: Enter bestätigt', limits: 'Mit Grenzen genehmigen', changes: 'Änderung erbitten', deny: 'Ablehnen', comment: 'Anfrage kommentieren',
    send: 'Geschriebenes senden', leave: 'Verlassen', list: 'Diese Liste', lines: 'Auf den Zeilennummern: Pfeile bewegen, Enter kommentiert.', close: 'Schließen',
  },
  request: {
    asked: (ago) => `gefragt ${ago}`, expires: (age) => `, läuft ab in ${age}`, expiring: ', läuft ab', openInEditor: 'In VS Code öffnen',
    agent: (person) => ` fragt im Namen von ${person}. Das Ergebnis geht an einen KI-Agenten.`, reason: 'Grund', noReason: 'Kein Grund genannt.',
    firstRequest: 'erste Anfrage in 90 Tagen', history: (requests, approved, denied) => `${requests} in 90 Tagen, ${approved} genehmigt${denied > 0 ? `, ${denied} abgelehnt` : ''}`,
    version: (number) => `Version ${number}.`, changed: (ago) => ` Die Anweisung wurde ${ago} geändert; frühere Zustimmungen zählen nicht mehr.`,
    sinceVersion: (number) => `Seit Version ${number}`, sinceApproved: 'Seit der letzten Zustimmung', asApproved: (who, ago) => `Wie genehmigt von ${who} ${ago}`,
    opaque: 'Nicht alles hier war zu verstehen.', erased: (date) => `Gelöscht am ${date}.`, erasedWhat: ' Anweisung, Gründe und Kommentare werden nicht mehr aufbewahrt; das Protokoll belegt weiter, was entschieden wurde.',
    glass: 'Notzugriff:', glassWhat: ' Er geschah ohne Zustimmung. ', mustLook: (who) => `${who} muss ihn prüfen, `, notAgain: (who) => `. Bis dahin kann ${who} es nicht wieder tun.`,
    justified: 'Notzugriff, gerechtfertigt.', notJustified: 'Notzugriff, nicht gerechtfertigt.', foundJustified: (who) => `${who} fand ihn gerechtfertigt`, foundNotJustified: (who) => `${who} fand ihn nicht gerechtfertigt`,
    drift: 'Im Ergebnis gefunden, aber nicht deklariert.', driftMasked: ' Maskiert wurde es trotzdem.', driftIn: (entity, rows) => `${entity} in ${rows}`,
  },
  statement: {
    name: 'Anweisung', shown: 'Was gezeigt wird', masked: (values) => `${values} maskiert`, copy: 'Kopieren', copied: 'Kopiert', showAll: (lines) => `Alle ${lines} Zeilen zeigen`, commentOn: (place) => `Kommentar zu ${place}`,
    commentHere: 'Diese Zeile kommentieren', line: (line) => `Zeile ${line}`, lines: (from, to) => `Zeilen ${from}–${to}`, changed: 'Was sich geändert hat', added: 'neu: ', removed: 'entfernt: ',
  },
  comments: {
    by: (who) => `Kommentar von ${who}`, on: (place) => `Kommentare zu ${place}`, place: (place) => `Zu ${place}`, earlier: (place) => `Zu ${place} einer früheren Version`,
    answerLabel: 'Ihre Antwort', answer: 'Antworten', comment: 'Kommentieren', cancel: 'Abbrechen',
  },
  sample: { title: 'Maskierte Probe', caption: (rows, who) => `Die ersten ${rows}, wie ${who} sie jetzt sieht.`, rows: 'Zeilen' },
  facts: {
    label: 'Fakten', title: 'Was sie betrifft', none: 'Keine Spalte, die im Inventar als sensibel gilt.', clear: 'Im Klartext', noneClear: 'Nichts: sensible Werte bleiben maskiert', rows: 'Zeilen', goesTo: 'Ziel', use: 'Nutzung', connection: 'Verbindung',
    once: (duration) => `Einmal, innerhalb von ${duration}`, window: (duration) => `Beliebig oft, ${duration} lang`, as: (user) => `, als ${user}`, otherTables: 'Andere Tabellen', writes: 'Schreibt',
    star: 'Stern', starWhat: 'Wählt jede Spalte, auch später hinzugefügte', export: 'Export', exportWhat: 'Die Anweisung selbst schreibt Daten aus der Datenbank heraus', alwaysMasked: 'Immer maskiert', byPolicy: '(durch Richtlinie)',
    filters: 'nur Filter', written: 'wird geschrieben', inClear: 'im Klartext', masked: 'maskiert', noCap: 'Keine Grenze', atMost: (rows) => `Höchstens ${rows}`, read: (rows) => `≈ ${rows} gelesen`,
  },
  policy: {
    title: 'Warum es Zustimmung braucht', counted: (have, need) => ` (${have} von ${need})`, others: (count) => (count === 1 ? '1 Regel, die nicht galt' : `${count} Regeln, die nicht galten`), version: (version) => `Richtlinie ${version}`,
    allow: 'erlaubt es', mask: 'maskiert es', review: 'verlangt Zustimmung', deny: 'verbietet es', notApplied: 'galt nicht', error: (why) => `war nicht auszuwerten: ${why}`, not: 'nicht: ', always: 'immer',
    environment: 'Umgebung', connection: 'Verbindung', action: 'Aktion', kind: 'Art der Anweisung', estimatedRows: 'geschätzte Zeilen', limit: 'Zeilengrenze der Anweisung', maxRows: 'verlangte Zeilen', destination: 'Ziel', requester: 'Anfragende Person',
    is: 'ist', isNot: 'ist nicht', above: 'über', atLeast: 'mindestens', below: 'unter', atMost: 'höchstens', none: 'nichts',
    sensitive: 'betrifft sensible Spalten', notSensitive: 'betrifft keine sensible Spalte', readOnly: 'liest nur', notReadOnly: 'schreibt', exports: 'schreibt selbst Daten aus der Datenbank', notExports: 'schreibt selbst keine Daten aus der Datenbank',
    opaque: 'nicht ganz verstanden', notOpaque: 'ganz verstanden', star: 'wählt jede Spalte', notStar: 'nennt ihre Spalten', agent: 'von einem Agenten gefragt', notAgent: 'von einem Menschen gefragt', onCall: 'hat Bereitschaft', notOnCall: 'hat keine Bereitschaft',
  },
  plan: { title: 'Ausführungsplan', read: (tables) => `${tables} gelesen`, wholeTable: 'ganze Tabelle', rows: 'Zeilen', cost: 'Kosten ', ownCost: (cost) => `Kosten dieses Schritts allein: ${cost}` },
  history: {
    title: 'Verlauf', asked: 'fragte', changedStatement: (version) => `änderte die Anweisung: Version ${version}`, approve: 'genehmigte', deny: 'lehnte ab', request_changes: 'bat um Änderung', void: 'zählt nicht mehr', commentLabel: 'Anfrage kommentieren',
    keeps: (columns) => `${columns} bleibt maskiert`, atMost: (rows) => `höchstens ${rows}`, for: (duration) => `für ${duration}`,
  },
  decision: {
    label: 'Entscheidung', comment: 'Kommentar (wird gelesen)', commentLabel: 'Kommentar für die anfragende Person', whyNot: 'Warum nicht? Es wird gelesen.', whatChange: 'Was soll sich ändern?', found: 'Was haben Sie gefunden? Es wird gelesen.', foundLabel: 'Was Sie gefunden haben',
    needsWhy: 'Sagen Sie warum, damit klar ist, was stattdessen zu tun ist.', needsChange: 'Sagen Sie, was sich ändern soll.', needsFound: 'Sagen Sie, was Sie gefunden haben.', justifiedQuestion: 'War dieser Notzugriff gerechtfertigt?', recorded: 'Es wird mit Ihrem Namen festgehalten.',
    justified: 'War gerechtfertigt', notJustified: 'War es nicht', approve: 'Genehmigen', approveWithLimits: 'Mit Grenzen…', limitsShort: 'Grenzen…', confirmLimits: 'Mit diesen Grenzen genehmigen', back: 'Zurück', changes: 'Änderung erbitten', changesShort: 'Ändern', deny: 'Ablehnen',
    alsoOne: 'Die andere gleiche Anfrage auch entscheiden', also: (count) => `Die ${count} anderen gleichen Anfragen auch entscheiden`,
    hintApprove: 'Enter genehmigt. Esc lässt es offen.', hintDeny: 'Strg+Enter lehnt ab. Esc lässt es offen.', hintChanges: 'Strg+Enter schickt zurück. Esc lässt es offen.',
  },
  limits: {
    label: 'Mit Grenzen genehmigen', keepMasked: 'Maskiert lassen', rows: 'Zeilen höchstens', noCap: 'ohne Grenze', for: 'Für', asAsked: '(wie verlangt)', between: (most) => `Zeilen: eine Zahl von 1 bis ${most}.`, whole: 'Zeilen: eine ganze Zahl ab 1.',
    one: 'Wählen Sie mindestens eine Grenze, oder genehmigen Sie wie verlangt.',
  },
  closed: {
    own: 'Ihre eigene Anfrage.', ownWaits: (who) => ` Niemand genehmigt die eigene; sie wartet auf ${who}.`, already: 'Sie haben sie genehmigt.', waits: (who) => ` Sie wartet auf ${who}.`, readAlong: (who) => `Sie wartet auf ${who}. Sie können mitlesen.`,
    usableUntil: (time) => ` Nutzbar bis ${time}.`, waitsForRequester: ' Wartet auf die anfragende Person.', nothing: ' Hier ist nichts mehr zu entscheiden.', aDecision: 'eine Entscheidung', reason: 'Grund', whyBack: 'Warum wird sie zurückgenommen?',
    reasonHint: 'Grund, mit dem, was fehlte', whyHint: 'Warum? Es wird gelesen.', askAgain: 'Neu fragen', takeBack: 'Zurücknehmen', takeBackOpen: 'Zurücknehmen…', answerOpen: 'Antworten und neu fragen…', inEditor: 'In VS Code ändern', giveBack: 'Zurückgeben', withdraw: 'Zurückziehen',
  },
  overview: {
    title: 'Übersicht', lead: 'Die letzten 14 Tage der Anfragen, die Sie sehen dürfen.', waiting: 'warten', nobodyWaits: 'niemand wartet', oldest: (duration) => `die älteste seit ${duration}`, untilDecided: 'bis zur Entscheidung', median: 'Median, von Menschen entschieden',
    approved: 'genehmigt', byPolicy: (count) => `${count} von allen allein durch Richtlinie`, denied: 'abgelehnt', noneDecided: 'nichts entschieden', share: (percent) => `${percent} % der Entscheidungen`, byDay: 'Entscheidungen nach Tag', other: 'abgelaufen, zurückgezogen, zurückgegeben',
    dayApproved: (count) => `${count} genehmigt`, dayDenied: (count) => `${count} abgelehnt`, dayOther: (count) => `${count} andere`, waits: 'Wie lange Anfragen warten', nothingWaits: 'Nichts wartet.', upTo: (time) => `bis ${time}`, longer: 'länger',
    tables: 'Gefragteste Tabellen', who: 'Wer fragt', noRequests: 'Noch keine Anfragen.', drift: 'In Ergebnissen gefunden, aber nicht deklariert', driftLabel: 'Nicht deklarierte persönliche Daten', noDrift: 'Nichts: jedes Ergebnis enthielt, was seine Anfrage sagte.',
    driftLead: (requests) => `In den Ergebnissen von ${requests}. Maskiert wurde es trotzdem; nehmen Sie die Spalten ins Inventar auf.`, denials: 'Letzte Ablehnungen', none: 'Keine.', noComment: 'ohne Kommentar',
  },
  audit: {
    title: 'Protokoll', lead: 'Jeder Eintrag ist mit dem vorigen verkettet und signiert.', filter: 'Filter', what: 'Was', who: 'Wer', whoHint: 'Kennung, etwa sam', request: 'Anfrage', requestHint: 'Kennung', from: 'Von', to: 'Bis', older: 'Ältere', andOlder: ', und ältere',
    everything: 'Alles', requests: 'Anfragen', denials: 'Ablehnungen', comments: 'Kommentare', drift: 'Nicht deklariert', grants: 'Freigaben und ihre Nutzung', refusals: 'Verweigerte Nutzung', glass: 'Notzugriff', policy: 'Richtlinie', broker: 'Broker', backend: 'Dienst', sessions: 'Sitzungen',
    format: 'Format der Datei', jsonl: 'JSON-Zeilen (prüfbar)', download: 'Herunterladen', nothing: 'Nichts gefunden', noneFits: 'Kein Eintrag passt zum Filter.', lookBack: 'Nichts in den neuesten 20.000 Einträgen; suchen Sie weiter zurück.',
    intactLabel: 'Ist das Protokoll unversehrt?', checks: 'Prüft jeden Hash, jede Verkettung und den verankerten Kopf.', checking: 'Prüft…', checkingLong: 'Eine Million Einträge dauern eine halbe Minute.', intact: 'Unversehrt.', checked: (records, signatures) => ` ${records}, ${signatures} geprüft. `,
    withRequest: 'steht bei der Anfrage, hier als Prüfsumme',
    head: (seq) => `Kopf ${seq} `, broken: (seq) => `Nicht unversehrt bei Eintrag ${seq}.`, brokenWhy: (why) => ` ${why}. Danach ist nichts mehr verlässlich.`, verify: 'Prüfen', verifyAgain: 'Neu prüfen',
  },
};
