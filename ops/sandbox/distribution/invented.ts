import { inventedImages, inventedSources } from './invented-images.ts';
import { moduleLine, type Distribution, type ModuleStream } from './distribution.ts';

const NAMED = `
v1 testmodule:master holds perl-List-Compare@master tangerine@master perl-Tangerine@master
testmodule2:master needs testmodule:master holds perl-Test-Deep@master
testmodule3:master needs testmodule:master holds perl-Test-Warn
foo:f28 holds bash@f28
v1 foobar:linux-9000 holds keyutils kernel quota e2fsprogs cachefilesd
m1:f27 on f27 holds bash@f27
m1:f26 on f27 holds bash@f26
m2:f27 on f27 holds bash@f27 ksh@f27
n:f27 on f27 needs m1:f27 holds zsh@f27
a:f27 on f27 needs c:f27 holds tcsh@f27
b:f27 on f27 needs a:f27 holds mksh@f27
c:f27 on f27 needs b:f27 holds dash@f27
base-runtime:f28 holds glibc@f28 systemd@f28 tzdata@f28 libselinux@f28 libsepol@f28
toolchain:10 needs base-runtime:f28 holds gcc@f28 binutils@f28 make@f28
perl:5.26 needs toolchain:10 holds perl@stream-perl-5.26 perl-libs@stream-perl-5.26
python36:3.6 needs toolchain:10 holds python3@stream-3.6 python-ply@f28 python-ogr
ruby:2.5 on f27,f28 holds ruby@stream-ruby-2.5 rubygem-bundler rubygem-rake
nodejs:8 holds nodejs@stream-nodejs-8 npm@8 libuv@f28 http-parser
nodejs:20 needs python36:3.6 holds nodejs@stream-nodejs-20 npm@20 uv-compat=libuv@f28
nodejs:22 on f28,f29 needs python36:3.6 holds nodejs@stream-nodejs-22 npm@22 libuv@rawhide
yarn:1 needs nodejs:20 holds yarnpkg
webtools:1 needs nodejs:20,yarn:1 holds webpack rollup@stream-1
httpd:2.4 needs base-runtime:f28 holds httpd@f28 mod_ssl=httpd-tools@f28 apr@f28 apr-util@f28
php:7.2 needs base-runtime:f28 holds php@stream-php-7.2 php-pear
wordpress:4 needs httpd:2.4,php:7.2 holds wordpress
mysql:5.7 holds community-mysql@f28 rapidjson
mariadb:10.3 on f27,f28 holds mariadb@stream-10.3 galera
postgresql:10 on f27,f28,f29 holds postgresql@stream-10 pgaudit
postgresql:9.6 holds postgresql@stream-9.6
shop:1 needs wordpress:4,mysql:5.7 holds shop-theme
devtools:1 needs toolchain:10 holds valgrind@master gdb@f28 elfutils
bus-tools:1 needs python36:3.6 holds datanommer fedmsg@master
container-tools:1 holds buildah@main podman@main skopeo@main packit
network:1 on f28,f29 holds nispor@rawhide rpcbind nfs-ganesha@f29
go-toolset:1.10 on f28,f29 holds golang@stream-1.10 golang-github-SAP-go-hdb
desktop:40 needs base-runtime:f28 holds template-glib gnome-settings-daemon control-center
plasma:6 holds plasma-systemsettings plasma-desktop
java:8 holds slf4j xstream maven@stream-3.5
eclipse:2018 needs java:8 holds eclipse-ptp eclipse-cdt
printing:3d holds prusa-slicer texworks
retro:1 holds 64tass freedv codec2
latest-shells:rolling on f29 holds fish@rawhide zsh@rawhide nushell=nu-shell@rawhide
`;

const PREFIXES = ['perl', 'python', 'rubygem', 'nodejs', 'php', 'golang'] as const;
const LANGUAGES = ['perl:5.26', 'python36:3.6', 'ruby:2.5', 'nodejs:20'] as const;
const WORDS = (
  'alder apple ash aspen beech birch cedar cherry cypress elder elm fig fir hazel hawthorn hickory holly ' +
  'juniper larch laurel lime linden maple medlar mulberry myrtle oak olive osier pear pine plane plum ' +
  'poplar quince rowan spruce sycamore walnut willow'
).split(' ');

const PER_MODULE = 5;

const grove = (prefix: string, needs: string): ReadonlyArray<ModuleStream> =>
  Array.from({ length: WORDS.length / PER_MODULE }, (_, index) => {
    const words = WORDS.slice(index * PER_MODULE, (index + 1) * PER_MODULE);
    const refs = ['', '@f28', '@rawhide', '@stream-1', '@master'];
    const holds = words.map((word, at) => `${prefix}-${word}${refs[at] ?? ''}`).join(' ');
    return moduleLine(`${prefix}-grove${index + 1}:1 needs ${needs} holds ${holds}`);
  });

const named = NAMED.trim().split('\n').map(moduleLine);
const groves = LANGUAGES.flatMap((needs, index) =>
  index > 2 ? [] : grove(PREFIXES[index] ?? '', needs),
);

/** A small Fedora: 66 module streams, a cycle, a diamond, chains, over 300 packages, 45 images. */
export const inventedDistribution: Distribution = {
  platforms: ['f27', 'f28', 'f29'],
  modules: [...named, ...groves],
  packages: PREFIXES.flatMap((prefix) => WORDS.map((word) => `${prefix}-${word}`)),
  images: inventedImages,
  sources: inventedSources,
};
