import { imageLine, packageLine, type ImageStream, type SourcePackage } from './images.ts';

/** On every branch; @ stands for it. The chain of nodejs is six deep. */
const EVERYWHERE = `
base:@ holds bash,glibc,zlib,openssl-libs=openssl past same past ksh past ksh
minimal:@ holds bash,glibc past same past same past zsh
s2i-core:@ from base:@ holds tar,findutils past same past same past -findutils
s2i-base:@ from s2i-core:@ holds gcc,make,libstdc++=gcc past same past same past same
nodejs:@ from s2i-base:@ holds nodejs,npm=nodejs past same past libuv past libuv
shop:@ from nodejs:@ holds nodejs-alder,nodejs-apple past same past same past nodejs-elm
shop-plugin:@ from shop:@ holds nodejs-birch past same past same past same
python3:@ from s2i-base:@ holds python3,python3-libs=python3 past same past python-ply past python-ply
bus-tools:@ as bus-tools-container from python3:@ holds fedmsg,python-apple past same past same past same
perl:@ from s2i-base:@ holds perl,perl-libs=perl past same past same past same
perl-grove:@ from perl:@ holds perl-alder,perl-apple,perl-ash past same past perl-elm past perl-elm
httpd:@ as httpd-container from base:@ holds httpd,httpd-tools=httpd,apr past same past mod_ssl=httpd past mod_ssl=httpd
wordpress:@ from httpd:@ holds php,wordpress past same past same past same
`;

/** On one branch only: RPMs of modules, tasks that tell no branch, an image nobody has built. */
const ALONE = `
nodejs20:f28 from s2i-base:f28 holds nodejs%nodejs:20,npm%nodejs:20 past same past same
shop20:f28 from nodejs20:f28 holds nodejs-alder past same past same
php72:f28 from httpd:f28 holds php%php:7.2 past same past same
legacy-tools:f27 from base:f27 holds ksh,keyutils past same past same branchless
cockpit:master as cockpit-container from minimal:master holds cockpit,openssl-libs=openssl past same past same
planned:f28 from base:f28 holds fish unbuilt
`;

const PACKAGES = `
package openssl 1:1.1.0 gives openssl,openssl-libs,openssl-devel
package perl 4:5.26.1 gives perl,perl-libs
package httpd 2.4.33 gives httpd,httpd-tools,mod_ssl
package nodejs 1:8.11.0 gives nodejs,npm
package glibc 2.27 gives glibc,glibc-common
package bash 4.4.19
package zlib 1.2.11 gives zlib,zlib-devel
package python3 3.6.5 gives python3,python3-libs
package gcc 8.0.1 gives gcc,libstdc++
`;

const BRANCHES = ['f27', 'f28', 'master'] as const;

const lines = (text: string): ReadonlyArray<string> => text.trim().split('\n');

/** 45 images on three branches, most with three builds before the newest. */
export const inventedImages: ReadonlyArray<ImageStream> = [
  ...BRANCHES.flatMap((branch) => lines(EVERYWHERE.replaceAll('@', branch))),
  ...lines(ALONE),
].map(imageLine);

export const inventedSources: ReadonlyArray<SourcePackage> = lines(PACKAGES).map(packageLine);
