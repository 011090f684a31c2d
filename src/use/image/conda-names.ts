function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Packages whose conda name differs from their name on PyPI. */
const pypiNames = new Map([
  ["py-xgboost", "xgboost"],
  ["py-xgboost-cpu", "xgboost"],
  ["py-xgboost-gpu", "xgboost"],
  ["pytorch", "torch"],
  ["pytorch-cpu", "torch"],
  ["pytorch-gpu", "torch"],
  ["torchvision-cpu", "torchvision"],
  ["tensorflow-base", "tensorflow"],
  ["tensorflow-mkl", "tensorflow"],
  ["py-opencv", "opencv-python-headless"],
  ["opencv", "opencv-python-headless"],
  ["msgpack-python", "msgpack"],
  ["python-graphviz", "graphviz"],
  ["matplotlib-base", "matplotlib"],
  ["dask-core", "dask"],
  ["numpy-base", "numpy"],
  ["pyarrow-core", "pyarrow"],
  ["pytables", "tables"],
  ["ruamel_yaml", "ruamel-yaml"],
  ["onnxruntime-cpu", "onnxruntime"],
  ["python-flatbuffers", "flatbuffers"],
  ["python-kubernetes", "kubernetes"],
]);

/** Parts of a conda installation that mean nothing in a virtual environment: its tools, and libraries that wheels bring. */
const withoutMeaning = words(`
  pip setuptools wheel conda mamba blas mkl mkl-service mkl_fft mkl_random nomkl intel-openmp openblas
  llvm-openmp _libgcc_mutex _openmp_mutex ca-certificates certifi-bundle openssl ncurses readline sqlite tk
  tzdata xz zlib zstd bzip2 lz4-c ld_impl_linux-64 ld_impl_linux-aarch64 python_abi expat freetype jpeg lcms2
  giflib snappy yaml zeromq libgcc libgcc-ng libgomp libstdcxx libstdcxx-ng libgfortran libgfortran-ng
  libgfortran4 libgfortran5 libblas libcblas liblapack libopenblas libffi libnsl libuuid libsqlite libzlib
  libexpat liblzma libxcrypt libpng libtiff libjpeg-turbo libwebp libwebp-base libdeflate libedit libsodium
  libprotobuf libxgboost _py-xgboost-mutex cpuonly pytorch-mutex _tflow_select vs2015_runtime vc
`);

/** Packages that exist only as conda packages, or whose PyPI namesake needs a system library that conda would bring. */
const condaOnly = words(`
  anaconda cudatoolkit cudatoolkit-dev cudnn nccl cuda cuda-toolkit cuda-version pytorch-cuda tensorrt gdal libgdal geos
  proj proj4 hdf5 netcdf4-c udunits2 esmpy cartopy-data ffmpeg graphviz imagemagick poppler tesseract pandoc
  unixodbc mysql postgresql libpq gcc gxx gcc_linux-64 gxx_linux-64 gfortran_linux-64 compilers make pkg-config
  clang llvm git git-lfs nodejs openjdk maven perl rust go julia boost boost-cpp openmpi mpich faiss
  faiss-cpu-lib faiss-gpu libfaiss rapids cudf cuml openbabel pymol rdkit-postgresql samtools bcftools bedtools
  blast bwa htslib
`);

/** Channels whose Python packages are those of PyPI; a package of any other channel may be anything. */
const commonChannels = words(`
  defaults main anaconda free conda-forge pytorch pytorch-lts intel microsoft nvidia pkgs/main pkgs/free
  anaconda-fusion fastai plotly huggingface bokeh
`);

/**
 * What a conda package is to pip: its name on PyPI, null when it means nothing in a virtual environment, undefined when
 * only conda can install it. `channel` is the prefix before `::`, if there was one.
 */
export function pypiName(condaName: string, channel: string | undefined): string | null | undefined {
  const name = condaName.toLowerCase();
  if (channel !== undefined && !commonChannels.has(channel.toLowerCase())) return undefined;
  if (withoutMeaning.has(name)) return null;
  const isOther =
    /^(?:r|rpy|bioconductor|m2w64|msys2|xorg|perl)-/.test(name) ||
    /^lib(?!rosa|sass|tmux|clang|cst|svm|pysal)/.test(name);
  if (condaOnly.has(name) || isOther || name === "r") return undefined;
  return pypiNames.get(name) ?? name;
}
