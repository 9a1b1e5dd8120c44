// Another solver for the plain assignment format: LEMON's network simplex, as judge and for comparison.
//   plan_lemon INSTANCE   prints "profit P" or "impossible", and "seconds S" of processor for solving
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include <lemon/list_graph.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

static long long next(FILE *file)
{
    long long value = 0;
    if (std::fscanf(file, "%lld", &value) != 1) {
        std::fprintf(stderr, "plan_lemon: not an instance\n");
        std::exit(2);
    }
    return value;
}

int main(int argc, char **argv)
{
    using Graph   = lemon::SmartDigraph;
    using Simplex = lemon::NetworkSimplex<Graph, long long, long long>;
    FILE *file    = argc == 2 ? std::fopen(argv[1], "r") : nullptr;
    if (!file) {
        std::fprintf(stderr, "plan_lemon INSTANCE\n");
        return 2;
    }
    struct Arc {
        Graph::Arc arc;
        long long  lower, upper, cost;
    };
    const int                n = (int)next(file), a = (int)next(file), o = (int)next(file);
    Graph                    g;
    std::vector<Graph::Node> companies, advisers, organisations;
    std::vector<Arc>         arcs;
    Graph::Node              sink = g.addNode();

    for (int i = 0; i < n; i++) companies.push_back(g.addNode());
    for (int i = 0; i < a; i++) advisers.push_back(g.addNode());
    for (int i = 0; i < o; i++) organisations.push_back(g.addNode());
    for (int i = 0; i < o; i++) {
        next(file);
        const long long lower = next(file), upper = next(file);
        arcs.push_back({ g.addArc(organisations[(size_t)i], sink), lower, upper, 0 });
    }
    for (int i = 0; i < a; i++) {
        next(file);
        const size_t organisation = (size_t)next(file);
        arcs.push_back({ g.addArc(advisers[(size_t)i], organisations[organisation]), 0, next(file), 0 });
    }
    for (int i = 0; i < n; i++) {
        arcs.push_back({ g.addArc(companies[(size_t)i], sink), 0, 1, 0 });
        for (long long k = next(file); k > 0; k--) {
            const size_t adviser = (size_t)next(file);
            arcs.push_back({ g.addArc(companies[(size_t)i], advisers[adviser]), 0, 1, -next(file) });
        }
    }
    std::fclose(file);

    const std::clock_t         before = std::clock();
    Graph::ArcMap<long long>   lower(g), upper(g), cost(g);
    Graph::NodeMap<long long>  supply(g);
    for (const Arc &arc : arcs) {
        lower[arc.arc] = arc.lower;
        upper[arc.arc] = arc.upper;
        cost[arc.arc]  = arc.cost;
    }
    for (Graph::Node node : companies) supply[node] = 1;
    supply[sink] = -n;
    Simplex simplex(g);
    simplex.lowerMap(lower).upperMap(upper).costMap(cost).supplyMap(supply);
    if (simplex.run() == Simplex::OPTIMAL) {
        std::printf("profit %lld\n", -simplex.totalCost<long long>());
    } else {
        std::printf("impossible\n");
    }
    std::printf("seconds %.3f\n", (double)(std::clock() - before) / CLOCKS_PER_SEC);
}
