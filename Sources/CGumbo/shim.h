/* The HTML5 parser Gumbo from the system: package libgumbo-dev on Debian. */
#include <gumbo.h>
