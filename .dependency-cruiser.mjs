// The architecture as rules on itself; ARCHITECTURE.md tells the same in words. Run by `npm test`.

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Modules that need each other can only be read, tested and changed together. ' +
        'Types may name each other: of them nothing is left when the program runs.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'system-imports-nothing',
      comment: 'The System is the plain data in the middle; other tools read it, so it hangs on nothing.',
      severity: 'error',
      from: { path: '^src/model/system\\.ts$' },
      to: {},
    },
    {
      name: 'model-sees-model-and-extractors',
      comment: 'What is there does not depend on what anybody thinks of it. Of the configuration it knows the shape.',
      severity: 'error',
      from: { path: '^src/model/' },
      to: { path: '^(src|rules)/', pathNot: ['^src/(model|extract)/', '^src/config\\.ts$'] },
    },
    {
      name: 'extractors-know-no-rules',
      comment: 'Text in, facts out: an extractor that knew a rule or a service would find what it looks for.',
      severity: 'error',
      from: { path: '^src/extract/' },
      to: { path: ['^src/(?!extract/|model/)', '^rules/', '^src/model/(analyse|services)'] },
    },
    {
      name: 'rules-see-only-the-model',
      comment: 'A rule is a function of the System. If it seems to need more, the model lacks an attribute.',
      severity: 'error',
      from: { path: '^rules/' },
      to: {
        pathNot: [
          '^rules/',
          '^src/model/(system|query|evidence)\\.ts$',
          '^src/check/(rule|message)\\.ts$',
          '^src/did-you-mean\\.ts$',
        ],
      },
    },
    {
      name: 'patterns-do-not-know-each-other',
      comment: 'A pattern can be added and deleted alone.',
      severity: 'error',
      from: { path: '^rules/([^/]+)/' },
      to: { path: '^rules/', pathNot: '^rules/$1/' },
    },
    {
      name: 'engine-names-no-pattern',
      comment: 'Only commands know the catalogue; to everything else a pattern is an argument.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/commands/' },
      to: { path: '^rules/' },
    },
    {
      name: 'io-stays-at-the-edge',
      comment: 'All that decides is pure, so it can be tested without a disk and run anywhere.',
      severity: 'error',
      from: { path: '^(src/(?!io/|commands/)|rules/)' },
      to: { path: ['^src/io/', '^src/commands/'] },
    },
    {
      name: 'disk-and-processes-only-in-io',
      comment: 'One place to look when asked what Lintel reads, writes and runs.',
      severity: 'error',
      from: { path: '^(src|rules)/', pathNot: '^src/io/' },
      to: { path: '^(node:)?(fs|fs/promises|child_process|worker_threads|net|http|https|os|process|tty|readline)$' },
    },
    {
      name: 'reporters-are-pure',
      comment: 'A reporter turns what was found into text; it finds nothing itself.',
      severity: 'error',
      from: { path: '^src/report/' },
      to: {
        path: ['^src/extract/', '^src/model/(analyse|services)', '^src/check/(run|check-tree|analysed|suppress)\\.ts$'],
      },
    },
    {
      name: 'framework-only-in-commands',
      comment: 'oclif is how the commands are read from the shell, no more.',
      severity: 'error',
      from: { path: '^(src|rules)/', pathNot: ['^src/commands/', '^src/io/command-not-found\\.ts$'] },
      to: { path: '@oclif/core' },
    },
    {
      name: 'commands-load-lazily',
      comment: 'Help and version answer before the parser and the analysis are loaded.',
      severity: 'error',
      from: { path: '^src/commands/' },
      to: { path: ['^src/model/', '^src/extract/', '^src/io/workspace\\.ts$', '^src/check/'], dynamic: false },
    },
    {
      name: 'no-dead-wood',
      comment: 'What no command reaches is deleted, not kept for later.',
      severity: 'error',
      from: { path: ['^src/commands/', '^src/io/command-not-found\\.ts$'] },
      to: { path: '^(src|rules)/', pathNot: ['^src/commands/', '^src/io/command-not-found\\.ts$'], reachable: false },
    },
    {
      name: 'product-needs-no-tests',
      comment: 'Tests and development tools are not in the package.',
      severity: 'error',
      from: { path: '^(src|rules|bin)/' },
      to: { path: ['^(test|bench|scripts|fixtures)/'] },
    },
    {
      name: 'only-declared-dependencies',
      comment: 'A package that only happens to be installed is gone in the installation of a user.',
      severity: 'error',
      from: { path: '^(src|rules|bin)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional'] },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that leads nowhere crashes the first user who gets there.',
      severity: 'error',
      from: { path: '^(src|rules|bin|test)/' },
      to: { couldNotResolve: true, pathNot: '^\\.\\./dist/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|fixtures)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
